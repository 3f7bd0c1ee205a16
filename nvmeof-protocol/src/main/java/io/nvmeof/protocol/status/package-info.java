/** Every status code of the specification by name, and those that have no name here as values; nothing throws. */
package io.nvmeof.protocol.status;
