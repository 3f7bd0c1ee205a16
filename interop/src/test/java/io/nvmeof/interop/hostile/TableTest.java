package io.nvmeof.interop.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The document and the tests say the same, line by line. */
final class TableTest {
    private static final Path DOCUMENT = Path.of("../docs/protocol-errors.md");

    @Test
    void everyLineOfHostsAttacksIsInTheDocument() throws IOException {
        assertThat(linesOf("PXFAB")).containsExactlyElementsOf(
                distinct(HostRowsTest.rows().stream().map(Row::line).toList()));
    }

    @Test
    void everyLineOfControllersAttacksIsInTheDocument() throws IOException {
        assertThat(linesOf("K")).containsExactlyElementsOf(
                distinct(ControllerRowsTest.rows().stream().map(ControllerRow::line).toList()));
    }

    /** Lines L are tests of their own, whose names the document has. */
    @Test
    void everyLineOfCrowdsNamesATest() throws IOException {
        List<String> documented = linesOf("L").stream()
                .map(line -> line.replaceFirst(".*`(\\w+)` \\|$", "$1")).sorted().toList();
        List<String> tests = Arrays.stream(CrowdTest.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Test.class)).map(method -> method.getName()).sorted()
                .toList();
        assertThat(documented).isEqualTo(tests);
    }

    private static List<String> linesOf(String letters) throws IOException {
        List<String> all = Files.readAllLines(DOCUMENT);
        int start = all.indexOf("## Over a real socket");
        assertThat(start).as("the heading \"Over a real socket\"").isNotNegative();
        return all.subList(start, all.size()).stream().filter(line -> line.matches("\\| [" + letters + "]\\d+ \\|.*"))
                .toList();
    }

    private static List<String> distinct(List<String> lines) {
        Set<String> distinct = new LinkedHashSet<>(lines);
        List<String> ids = new ArrayList<>();
        for (String line : distinct) {
            ids.add(line.split("\\|")[1].strip());
        }
        assertThat(ids).as("numbers").doesNotHaveDuplicates();
        return List.copyOf(distinct);
    }
}
