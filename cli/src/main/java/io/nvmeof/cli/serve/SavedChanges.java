package io.nvmeof.cli.serve;

import com.fasterxml.jackson.databind.JsonNode;
import io.nvmeof.cli.shared.FileFailure;
import io.nvmeof.target.TargetConfiguration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where changes of a running target go, so that it is the same after its next start. */
final class SavedChanges {
    /** Changes are forgotten when the target ends. */
    static final SavedChanges NONE = new SavedChanges(null, null);
    private static final Logger LOG = LoggerFactory.getLogger(SavedChanges.class);

    private final Path file;
    private JsonNode content;

    private SavedChanges(Path file, JsonNode content) {
        this.file = file;
        this.content = content;
    }

    /** Into the configuration file that the target was started with. */
    static SavedChanges into(Path file, JsonNode content) {
        return new SavedChanges(file, content);
    }

    /** Saves what is served now; the answer is why that failed, for the one who changed it. */
    synchronized Optional<String> save(SettingsJson json, TargetConfiguration configuration) {
        if (file == null) {
            return Optional.empty();
        }
        try {
            JsonNode next = json.file(content, configuration);
            TargetFile.write(file, next);
            content = next;
            return Optional.empty();
        } catch (IOException e) {
            LOG.error("cannot save a change into {}", file, e);
            return Optional.of("the change is in effect, but cannot be saved: " + FileFailure.describe(e));
        }
    }
}
