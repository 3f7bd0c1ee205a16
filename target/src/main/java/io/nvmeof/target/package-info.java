/**
 * The target: exports namespaces to NVMe hosts. A configuration of ports and subsystems goes in, and
 * {@link io.nvmeof.target.Target} serves it over the transports it is given until it is closed.
 */
package io.nvmeof.target;
