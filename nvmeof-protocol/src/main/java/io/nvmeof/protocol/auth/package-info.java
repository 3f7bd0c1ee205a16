/**
 * In-band authentication with DH-HMAC-CHAP, and the keys of it and of TLS (NVMe Base 2.1, 8.3.4; NVMe/TCP Transport
 * 1.1, 3.6). No I/O, threads, clock or randomness: random bytes come from a {@code RandomBytes}, and what takes long is
 * given to the caller as an {@code AuthenticationWork} to be run outside of the event loop and handed back inside it.
 *
 * <p>Keys: {@code DhChapKey} is {@code DHHC-1:...}, {@code ConfiguredPsk} is {@code NVMeTLSkey-1:...} and gives the
 * {@code TlsPsk} (identity, hash, key) of a host and a subsystem, in both versions of identities and both derivations
 * in the field. A {@code Secret} is never printed and never in an exception's message.
 *
 * <p>A controller has a {@code ControllerAuthentication} for each queue that must authenticate, made when the Connect
 * succeeds with AUTHREQ set in its result:
 * <ol>
 * <li>Authentication Send or Receive comes: {@code AuthenticationCommand.invalidFieldOffset} checks its fields.
 * <li>Send: its data goes to {@code send}. If that returns work, run it elsewhere, hand it to {@code computed} in the
 *     event loop, and only then complete the command; else at once. The command succeeds in both cases.
 * <li>Receive: {@code receive} fills a zeroed buffer of the allocation length, which is sent to the host, all of it.
 * <li>{@code status} after each: until it is AUTHENTICATED every other command of the queue is refused with
 *     Authentication Required; if it is FAILED the connection is closed as soon as the response is sent.
 * <li>After a secure channel concatenation, {@code takeGeneratedPsk} gives the PSK for the host's next connections.
 * </ol>
 * A time limit for the whole of it, and limits on how many run at the same time, are the caller's. So is one command at
 * a time for each queue: what is sent while work runs is out of order, and fails.
 *
 * <p>A host has a {@code HostAuthentication} for each queue whose Connect asked for it, and does what {@code step}
 * says.
 */
package io.nvmeof.protocol.auth;
