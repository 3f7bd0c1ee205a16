package io.nvmeof.interop.lab;

import io.nvmeof.interop.process.CommandResult;

import java.time.Duration;

/**
 * The kernel host's scenario, {@code guest/host.sh}: discover, connect, all that nvme-cli shows, ext4, fio, reset,
 * disconnect, reconnect, a kernel log with nothing odd. The same for every target, so that what it says of ours is
 * worth as much as what it says of the kernel's own.
 *
 * @param queues       I/O queues for reads and writes
 * @param writeQueues  further I/O queues for writes alone; 0 for none
 * @param headerDigest asks for header digests
 * @param dataDigest   asks for data digests
 */
record HostScenario(int queues, int writeQueues, boolean headerDigest, boolean dataDigest) {

    private static final Duration LIMIT = Duration.ofMinutes(8);

    /** The guest connects to {@code address}; the discovery log must name {@code announced}. */
    CommandResult run(KernelLab guest, String address, String announced, int port, String nqn)
            throws InterruptedException {
        String script = "host.sh %s %d %s -x %s -q %d -w %d%s%s"
                .formatted(
                        address,
                        port,
                        nqn,
                        announced,
                        queues,
                        writeQueues,
                        headerDigest ? " -g" : "",
                        dataDigest ? " -G" : "");
        return guest.exec(LIMIT, script);
    }

    /** The scenario's last line, which says how long it took. */
    static String verdict(String output) {
        return output.lines().filter(line -> line.startsWith("PASSED ")).findFirst().orElse("did not pass");
    }

    @Override
    public String toString() {
        String digests = headerDigest ? dataDigest ? "header and data" : "header" : dataDigest ? "data" : "no";
        return digests + " digests, " + (queues + writeQueues) + " I/O queue(s)";
    }
}
