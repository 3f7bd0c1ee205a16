/**
 * Attackers on real sockets: hosts that break every rule against our target, and controllers that do against our
 * initiator. Nothing here uses the product's codecs: bytes are built and read from the specification's offsets.
 */
package io.nvmeof.interop.hostile;
