package io.nvmeof.cli.load;

/**
 * What each queue of a verification does.
 *
 * @param seed of the pattern and of every choice
 * @param blocksMin least blocks of a command
 * @param blocksMax most blocks of a command
 * @param depth commands outstanding on each queue
 * @param fuaPercent how many of a hundred writes are sent with Force Unit Access
 * @param flushEvery a Flush after so many writes; 0: none
 * @param zeroes whether Write Zeroes is among the commands
 * @param deallocation whether deallocation is among the commands, and what it leaves
 */
record VerifyJob(long seed, int blocksMin, int blocksMax, int depth, int fuaPercent, int flushEvery, boolean zeroes,
        Deallocation deallocation) {
    /** What a namespace does with blocks that are deallocated (Identify Namespace, DLFEAT). */
    enum Deallocation {
        /** The controller does not have it, or it is not wanted. */
        ABSENT,
        /** The blocks hold anything afterwards. */
        UNDEFINED,
        /** The blocks read as zeroes afterwards. */
        READS_ZEROES
    }
}
