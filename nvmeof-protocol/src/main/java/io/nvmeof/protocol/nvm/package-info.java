/** The NVM command set: opcodes and the data of commands that carry more than blocks. */
package io.nvmeof.protocol.nvm;
