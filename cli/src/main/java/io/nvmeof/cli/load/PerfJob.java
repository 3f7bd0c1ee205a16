package io.nvmeof.cli.load;

/**
 * What each queue of a measurement does.
 *
 * @param readPercent how many of a hundred commands are Reads
 * @param random whether positions are random; else each queue goes on from its own part of the namespace
 * @param blocks logical blocks of each command
 * @param depth commands outstanding on each queue
 * @param queueCount queues of the measurement, for the parts
 * @param warmupNanos how long commands run before they are measured
 * @param measureNanos how long they are measured
 */
record PerfJob(int readPercent, boolean random, int blocks, int depth, int queueCount, long seed, long warmupNanos,
        long measureNanos) {}
