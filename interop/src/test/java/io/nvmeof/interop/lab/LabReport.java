package io.nvmeof.interop.lab;

import io.nvmeof.interop.process.Command;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Assumptions;

/**
 * The lab's report, {@code interop/build/lab-report.txt}: one line for each thing that ran or could not run. A skip
 * that nobody sees would be a lie, so each is in here with its reason, and is a failure where
 * {@code NVMEOF_LAB_REQUIRED=1} says that this machine must be able to run the lab.
 */
final class LabReport {

    static final Path FOLDER = Command.ROOT.resolve("interop/build");
    private static final Path FILE = FOLDER.resolve("lab-report.txt");

    private LabReport() {}

    static void ran(String what, String result) {
        append("RAN           " + what + ": " + result);
    }

    /** Ends the calling test: skipped with the reason, or failed where the lab is required. */
    static void couldNotRun(String what, String reason) {
        String oneLine = reason.strip().replaceAll("\\s*\\R\\s*", "; ");
        append("COULD NOT RUN " + what + ": " + oneLine);
        if ("1".equals(System.getenv("NVMEOF_LAB_REQUIRED"))) {
            fail("NVMEOF_LAB_REQUIRED=1, but " + what + " could not run: " + oneLine);
        }
        Assumptions.abort(what + " could not run: " + oneLine);
    }

    private static synchronized void append(String line) {
        try {
            Files.createDirectories(FOLDER);
            Files.writeString(FILE, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
