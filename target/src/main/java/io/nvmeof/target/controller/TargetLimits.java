package io.nvmeof.target.controller;

import io.nvmeof.protocol.memory.BufferPool;

/** Limits that belong to no single class. */
final class TargetLimits {
    /** Most data of one command, in bytes: a command's data lies in one buffer. */
    static final int DATA_TRANSFER_BYTES_MAX = BufferPool.CHUNK_BYTES;
    /** CAP.MPSMIN: the unit of MDTS. */
    static final int MEMORY_PAGE_BYTES = 4096;
    /** AERL, 0's based: four Asynchronous Event Requests may wait. */
    static final int ASYNCHRONOUS_EVENT_REQUEST_LIMIT = 3;
    /** ACL, 0's based: four Aborts may be at work. */
    static final int ABORT_COMMAND_LIMIT = 3;
    /** ELPE, 0's based: entries of the error log. */
    static final int ERROR_LOG_ENTRIES = 63;
    /** KAS: the granularity of the keep alive timer, in units of 100 ms. */
    static final int KEEP_ALIVE_SUPPORT = 10;
    /** The granularity of the keep alive timer in milliseconds. */
    static final long KEEP_ALIVE_GRANULARITY_MILLIS = KEEP_ALIVE_SUPPORT * 100L;
    /** A discovery controller whose host asked for no keep alive goes after this long without a command. */
    static final long DISCOVERY_IDLE_MILLIS = 120_000;
    /** ANATT: how long an ANA group may be in the Change state. */
    static final int ANA_TRANSITION_TIME_SECONDS = 10;
    /** Most discovery controllers at a time. */
    static final int DISCOVERY_CONTROLLER_COUNT_MAX = 4096;
    /** RTD3E: how long a host should wait for a shutdown, in which the backends are flushed, in microseconds. */
    static final long SHUTDOWN_MICROS = 15_000_000;
    /** CTEMP: there is no sensor; what the log says is a room's temperature. */
    static final int TEMPERATURE_KELVIN = 298;
    /** WCTEMP. It must be something since NVMe 1.2. */
    static final int WARNING_TEMPERATURE_KELVIN = 343;
    /** CCTEMP. */
    static final int CRITICAL_TEMPERATURE_KELVIN = 353;

    /** ACWU and NACWU: most blocks of a Compare and Write. Nothing else happens to them meanwhile, so it is short. */
    static final int COMPARE_AND_WRITE_BLOCKS_MAX = 16;

    /** Most bytes of a Verify (VSL): as much as a Compare may read, which uses the same buffer. */
    static final int VERIFY_BYTES_MAX = 1 << 20;
    /** Most bytes of a Write Uncorrectable (WUSL). */
    static final int WRITE_UNCORRECTABLE_BYTES_MAX = 1 << 20;

    /** CRDT1, in units of 100 ms: what is over in a moment. */
    static final int COMMAND_RETRY_DELAY_SHORT = 1;
    /** CRDT2, in units of 100 ms. */
    static final int COMMAND_RETRY_DELAY_MEDIUM = 5;
    /** CRDT3, in units of 100 ms: what somebody has to do something about. */
    static final int COMMAND_RETRY_DELAY_LONG = 20;

    private TargetLimits() {}
}
