/**
 * The control door of a running target: HTTP with JSON on a Unix-domain socket that only its user may open, and the
 * client of it. What can be asked is described in docs/management.md.
 */
package io.nvmeof.cli.control;
