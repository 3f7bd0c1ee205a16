package io.nvmeof.cli.load;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A text file of the writes a target has promised to keep: those acknowledged with FUA, and those acknowledged before a
 * Flush was sent that was acknowledged too. Each record reaches the file (or pipe) before the next command is sent, so
 * that the file is true whenever the target is killed.
 *
 * <p>A run begins with {@code run SEED BLOCK-SIZE}; a record is {@code kept BLOCK COUNT GENERATION}.
 */
final class AcknowledgedLog implements Closeable {
    private final OutputStream output;
    private long recordCount;

    private AcknowledgedLog(OutputStream output) {
        this.output = output;
    }

    /** Begins a run at the end of the file. */
    static AcknowledgedLog append(Path file, long seed, int blockSizeBytes) throws IOException {
        // Not buffered: what write(2) has taken survives us and the target alike.
        AcknowledgedLog log = new AcknowledgedLog(new FileOutputStream(file.toFile(), true));
        log.write("run " + Long.toUnsignedString(seed) + " " + blockSizeBytes + "\n");
        return log;
    }

    /** Queues of several loops share the file. */
    synchronized void kept(long block, int count, int generation) {
        recordCount++;
        write("kept " + block + " " + count + " " + generation + "\n");
    }

    synchronized long recordCount() {
        return recordCount;
    }

    private void write(String line) {
        try {
            output.write(line.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the log of acknowledged writes", e);
        }
    }

    @Override
    public void close() throws IOException {
        output.close();
    }

    /**
     * Reads a file of one or several runs.
     *
     * @throws IOException if it cannot be read, or is not such a file; a last line without its end is ignored, as a
     *     writer that was killed leaves it
     */
    static Promises read(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.US_ASCII);
        String complete = text.substring(0, text.lastIndexOf('\n') + 1);
        Promises promises = new Promises();
        int number = 0;
        try (BufferedReader reader = new BufferedReader(new java.io.StringReader(complete))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                String[] words = line.split(" ");
                try {
                    promises.add(words);
                } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                    throw new IOException(file + ":" + number + ": \"" + line + "\" is no record of acknowledged writes"
                            + (e.getMessage() == null ? "" : " (" + e.getMessage() + ")"), e);
                }
            }
        }
        if (promises.seeds.isEmpty()) {
            throw new IOException(file + ": no run in it");
        }
        return promises;
    }

    /** What must be on the namespace: for each block, at least this generation of this run, or a later run's. */
    static final class Promises {
        private final List<Long> seeds = new ArrayList<>();
        private final Map<Long, Promise> byBlock = new HashMap<>();
        private int blockSizeBytes;

        private void add(String[] words) {
            switch (words[0]) {
                case "run" -> {
                    long seed = Long.parseUnsignedLong(words[1]);
                    int size = Integer.parseInt(words[2]);
                    if (seeds.contains(seed) || blockSizeBytes != 0 && size != blockSizeBytes) {
                        throw new IllegalArgumentException("every run needs a seed of its own and the same block size");
                    }
                    seeds.add(seed);
                    blockSizeBytes = size;
                }
                case "kept" -> {
                    long first = Long.parseLong(words[1]);
                    int count = Integer.parseInt(words[2]);
                    Promise promise = new Promise(seeds.size() - 1, Integer.parseInt(words[3]));
                    for (long block = first; block < first + count; block++) {
                        byBlock.merge(block, promise, Promise::later);
                    }
                }
                default -> throw new IllegalArgumentException("it begins with \"" + words[0] + "\"");
            }
        }

        int blockSizeBytes() {
            return blockSizeBytes;
        }

        Map<Long, Promise> byBlock() {
            return byBlock;
        }

        long seed(int run) {
            return seeds.get(run);
        }

        /** The run a seed belongs to, or -1. */
        int run(long seed) {
            return seeds.indexOf(seed);
        }
    }

    /** The write of a block that was acknowledged last: the {@code run}th run of the file, and its generation. */
    record Promise(int run, int generation) {
        private static Promise later(Promise one, Promise other) {
            return one.run > other.run || one.run == other.run && one.generation > other.generation ? one : other;
        }

        /** Whether a block of that run and generation keeps this promise: later writes may have reached it. */
        boolean keptBy(int foundRun, long foundGeneration) {
            return foundRun > run || foundRun == run && foundGeneration >= generation;
        }
    }
}
