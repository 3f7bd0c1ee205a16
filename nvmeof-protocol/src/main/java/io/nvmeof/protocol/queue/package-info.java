/** Submission and completion queue entries, as flyweights over the memory they lie in. */
package io.nvmeof.protocol.queue;
