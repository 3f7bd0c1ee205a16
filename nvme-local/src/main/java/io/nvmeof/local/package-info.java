/**
 * Namespaces stored on this machine: regular files and block devices, read and written on the event loop's own io_uring
 * ring, or by a few worker threads where a loop has no ring.
 */
package io.nvmeof.local;
