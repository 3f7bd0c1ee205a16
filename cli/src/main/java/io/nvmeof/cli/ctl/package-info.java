/** {@code nvmeof ctl}: asks a running target, and changes it, through its control door. */
package io.nvmeof.cli.ctl;
