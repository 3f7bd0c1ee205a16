package io.nvmeof.cli.serve;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.cli.shared.FileFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The configuration file of {@code nvmeof target --config}: JSON, read strictly and replaced as a whole. */
final class TargetFile {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private TargetFile() {}

    /** Reads and checks a file; a mistake in it ends the command with exit status 2. */
    static TargetPlan read(Path file) {
        TargetPlan plan = plan(parse("--config", file), file);
        PlanCheck.check(plan);
        return plan;
    }

    /** The JSON of a file. */
    static JsonNode parse(String option, Path file) {
        try {
            return JSON.readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw CommandFailure.usage(file.getFileName() + notJson(e));
        } catch (IOException e) {
            throw CommandFailure.usage(option + " " + file + ": cannot be read: " + FileFailure.reason(e));
        }
    }

    /** The JSON of a text, called {@code name} in messages. */
    static SettingNode parse(String name, String text) {
        try {
            return SettingNode.root(name, JSON.readTree(text));
        } catch (JsonProcessingException e) {
            throw CommandFailure.usage(name + notJson(e));
        }
    }

    /** What the JSON of a file asks for; how it fits this machine is not checked. */
    static TargetPlan plan(JsonNode json, Path file) {
        return TargetSettings.of(file.toAbsolutePath().getParent())
                .plan(SettingNode.root(file.getFileName().toString(), json));
    }

    /** Replaces a file with a configuration; after a crash one finds either the old or the new one. */
    static void write(Path file, JsonNode json) throws IOException {
        Path whole = file.toRealPath();
        Path next = whole.resolveSibling("." + whole.getFileName() + ".next");
        byte[] bytes = (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
        try (FileChannel channel = FileChannel.open(next, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            Files.setPosixFilePermissions(next, Files.getPosixFilePermissions(whole));
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(next, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder = FileChannel.open(whole.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    private static String notJson(JsonProcessingException e) {
        String where = e.getLocation() == null ? ""
                : ":" + e.getLocation().getLineNr() + ":" + e.getLocation().getColumnNr();
        return where + ": not JSON: " + e.getOriginalMessage();
    }
}
