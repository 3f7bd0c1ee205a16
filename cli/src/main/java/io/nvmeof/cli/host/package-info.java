/** The commands that connect to a target as a host does: with nvme-cli's names for commands and options. */
package io.nvmeof.cli.host;
