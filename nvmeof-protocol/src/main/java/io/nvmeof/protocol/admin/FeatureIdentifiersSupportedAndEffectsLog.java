package io.nvmeof.protocol.admin;

import static io.nvmeof.protocol.layout.WireLayouts.LE32;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import io.nvmeof.protocol.layout.WireStructure;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * Feature Identifiers Supported and Effects log page, LID 12h: per feature identifier whether there is such a feature
 * and what setting it may change, 32 bits each (NVMe Base 2.1, Feature Identifiers Supported and Effects).
 */
public final class FeatureIdentifiersSupportedAndEffectsLog extends WireStructure {
    /** The wire layout; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(MemoryLayout.sequenceLayout(256, LE32).withName("FIDS"));

    /** Bytes of the log page. */
    public static final int SIZE = (int) LAYOUT.byteSize();

    /** The feature is supported; without it the other bits mean nothing. */
    public static final int SUPPORTED = 1;
    /** Setting it may change user data. */
    public static final int USER_DATA_CONTENT_CHANGE = 1 << 1;
    /** Setting it may change the capabilities of one namespace. */
    public static final int NAMESPACE_CAPABILITY_CHANGE = 1 << 2;
    /** Setting it may change the controller's capabilities. */
    public static final int CONTROLLER_CAPABILITY_CHANGE = 1 << 4;
    /** Its value is one for each namespace. */
    public static final int SCOPE_NAMESPACE = 1 << 20;
    /** Its value is one for each controller. */
    public static final int SCOPE_CONTROLLER = 1 << 21;
    /** Its value is one for the NVM subsystem. */
    public static final int SCOPE_SUBSYSTEM = 1 << 25;

    private static final long FIDS = LAYOUT.byteOffset(groupElement("FIDS"));

    private FeatureIdentifiersSupportedAndEffectsLog(MemorySegment from, long base) {
        super(from, base, SIZE);
    }

    /** Copies the bytes at {@code base}, whatever they are. */
    public static FeatureIdentifiersSupportedAndEffectsLog decode(MemorySegment from, long base) {
        return new FeatureIdentifiersSupportedAndEffectsLog(from, base);
    }

    /** Starts a page without a feature. */
    public static Builder builder() {
        return new Builder();
    }

    /** The 32 bits of a feature identifier, 0 to 255. */
    public int flags(int feature) {
        if ((feature & ~0xFF) != 0) {
            throw new IllegalArgumentException("feature " + feature);
        }
        return flags32(FIDS + (long) feature * Integer.BYTES);
    }

    /** Puts a page together. */
    public static final class Builder extends WireStructure.Builder {
        private Builder() {
            super(SIZE);
        }

        /** Lists a feature with its effects and scope; {@link #SUPPORTED} is added. */
        public Builder feature(FeatureIdentifier feature, int flags) {
            putFlags32(FIDS + (long) feature.code() * Integer.BYTES, flags | SUPPORTED);
            return this;
        }

        /** The page as set so far. */
        public FeatureIdentifiersSupportedAndEffectsLog build() {
            return new FeatureIdentifiersSupportedAndEffectsLog(bytes(), 0);
        }
    }
}
