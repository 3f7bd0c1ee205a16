/** What all commands share: sizes and numbers as people write them, failures, output, progress, the log. */
package io.nvmeof.cli.shared;
