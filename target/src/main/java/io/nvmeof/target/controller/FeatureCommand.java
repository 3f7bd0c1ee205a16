package io.nvmeof.target.controller;

import io.nvmeof.protocol.admin.FeatureIdentifier;

/** Where things are in Get Features and Set Features (NVMe Base 2.1, 5.1.11 and 5.1.25). */
final class FeatureCommand {
    static final int FEATURE_IDENTIFIER_BYTE = 40;
    /** Byte with Select (bits 2:0) of Get Features. */
    static final int SELECT_BYTE = 41;
    /** Byte with Save (bit 7) of Set Features. */
    static final int SAVE_BYTE = 43;
    static final int DWORD11_BYTE = 44;
    /** Select: the value in use. */
    static final int SELECT_CURRENT = 0;
    /** Select: the value after a Controller Level Reset. */
    static final int SELECT_DEFAULT = 1;
    /** Select: the saved value; nothing can be saved, so it is the default. */
    static final int SELECT_SAVED = 2;
    /** Select: what can be done with the feature. */
    static final int SELECT_CAPABILITIES = 3;

    private static final int FEATURE_IDENTIFIER_MASK = 0xFF;
    private static final int SELECT_SHIFT = 8;
    private static final int SELECT_MASK = 0x7;
    private static final int SAVE = 1 << 31;

    private FeatureCommand() {}

    static FeatureIdentifier feature(Request request) {
        return FeatureIdentifier.ofCode(request.dword(10) & FEATURE_IDENTIFIER_MASK);
    }

    /** Which of a feature's values is asked for: {@link #SELECT_CURRENT} and the like; those above are reserved. */
    static int select(Request request) {
        return request.dword(10) >>> SELECT_SHIFT & SELECT_MASK;
    }

    static boolean saves(Request request) {
        return (request.dword(10) & SAVE) != 0;
    }
}
