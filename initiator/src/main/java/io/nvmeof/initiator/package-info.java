/**
 * The host: discovers subsystems, connects controllers, and reads and writes their namespaces. Begin with
 * {@link io.nvmeof.initiator.Initiator}.
 *
 * <p>Nothing here knows a network: a {@link io.nvmeof.protocol.transport.HostTransport} carries the commands.
 */
package io.nvmeof.initiator;
