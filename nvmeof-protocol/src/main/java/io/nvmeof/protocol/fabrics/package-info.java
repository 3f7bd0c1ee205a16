/** What only fabrics have: Connect, properties, NVMe Qualified Names, and the discovery log. */
package io.nvmeof.protocol.fabrics;
