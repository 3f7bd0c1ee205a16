/**
 * Load on a namespace: {@code perf}, which measures, and {@code verify}, which proves that what was written is what is
 * read. Both live on the loops of the queues they use, one object for each queue, and share nothing between loops.
 */
package io.nvmeof.cli.load;
