package io.nvmeof.interop.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.interop.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/conformance.md} names a test for every row that matters, and each of them exists. */
class ConformanceTest {
    private static final Path DOCUMENT = Command.ROOT.resolve("docs/conformance.md");
    private static final Pattern ROW =
            Pattern.compile("\\| (T[A-Z]-\\w+) \\| ([^|]*) \\| ([^|]*) \\| ([^|]*) \\|([^|]*)\\|");
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|Contract))`");
    private static final int ROWS_MIN = 100;

    @Test
    void everyRowOfBarOneOrTwoNamesTestsThatExist() throws IOException {
        Set<String> tests = testNames();
        List<String> lines = Files.readAllLines(DOCUMENT);
        int rows = 0;
        for (String line : lines) {
            Matcher row = ROW.matcher(line);
            if (!row.matches()) {
                assertThat(line).as("a row that is not one").doesNotStartWith("| T");
                continue;
            }
            rows++;
            Matcher named = TEST.matcher(row.group(5));
            int count = 0;
            while (named.find()) {
                count++;
                assertThat(tests).as("test of row %s", row.group(1)).contains(named.group(1));
            }
            boolean matters = row.group(2).contains("1") || row.group(2).contains("2");
            assertThat(matters && count == 0).as("row %s has a bar and no test", row.group(1)).isFalse();
            assertThat(row.group(4)).as("row %s", row.group(1)).isNotBlank().doesNotContain("not yet");
        }
        assertThat(rows).isGreaterThanOrEqualTo(ROWS_MIN);
    }

    private static Set<String> testNames() throws IOException {
        try (Stream<Path> files = Files.walk(Command.ROOT)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("Test.java") || name.endsWith("Contract.java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(Collectors.toSet());
        }
    }
}
