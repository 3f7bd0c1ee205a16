package io.nvmeof.target;

/** A configuration that cannot be served: names the key, the value and what is allowed. Nothing has been changed. */
public final class ConfigurationException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String key;

    /**
     * @param key the key at fault
     * @param value what it is
     * @param allowed what would be possible, as the end of a sentence: "from 1 to 128", "are [1, 7]"
     */
    public ConfigurationException(String key, Object value, String allowed) {
        super(key + " is " + value + ": allowed " + allowed);
        this.key = key;
    }

    /** The key at fault, in the words of the configuration file: {@code queue-size-max}. */
    public String key() {
        return key;
    }
}
