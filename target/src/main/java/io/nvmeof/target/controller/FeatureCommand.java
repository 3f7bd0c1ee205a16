package io.nvmeof.target.controller;

import io.nvmeof.protocol.admin.FeatureIdentifier;

/** Where things are in Get Features and Set Features (NVMe Base 2.1). */
final class FeatureCommand {
    static final int FEATURE_IDENTIFIER_BYTE = 40;
    /** Byte with Select (bits 2:0) of Get Features. */
    static final int SELECT_BYTE = 41;
    /** Byte with Save (bit 7) of Set Features. */
    static final int SAVE_BYTE = 43;
    static final int DWORD11_BYTE = 44;

    private static final int FEATURE_IDENTIFIER_MASK = 0xFF;
    private static final int SELECT_MASK = 0x7 << 8;
    private static final int SAVE = 1 << 31;

    private FeatureCommand() {}

    static FeatureIdentifier feature(Request request) {
        return FeatureIdentifier.ofCode(request.dword(10) & FEATURE_IDENTIFIER_MASK);
    }

    /** Whether something other than the current value is asked for, which ONCS says is not supported. */
    static boolean selects(Request request) {
        return (request.dword(10) & SELECT_MASK) != 0;
    }

    static boolean saves(Request request) {
        return (request.dword(10) & SAVE) != 0;
    }
}
