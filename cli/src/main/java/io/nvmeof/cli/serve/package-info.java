/**
 * {@code nvmeof target}: from flags or a configuration file to a plan that is checked as a whole, and from the plan to
 * backends, loops, transports and a running target.
 */
package io.nvmeof.cli.serve;
