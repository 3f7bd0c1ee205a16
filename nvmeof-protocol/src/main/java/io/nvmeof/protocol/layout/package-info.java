/** What all wire structures stand on: little-endian fields, text fields, and structures kept as the bytes they are. */
package io.nvmeof.protocol.layout;
