/** Scatter gather list descriptors, as far as fabrics use them: where the data of a command is. */
package io.nvmeof.protocol.sgl;
