package io.nvmeof.cli.shared;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why a file could not be used, for people: some of Java's exceptions say no more than the file's name. */
public final class FileFailure {
    private FileFailure() {}

    /** The file, where the exception knows it, and the reason. */
    public static String describe(IOException failure) {
        return failure instanceof FileSystemException e && e.getFile() != null ? e.getFile() + ": " + reason(failure)
                : reason(failure);
    }

    /** The reason alone, without the file's name where the exception tells them apart. */
    public static String reason(IOException failure) {
        return switch (failure) {
            case NoSuchFileException e -> "there is no such file";
            case AccessDeniedException e -> "permission denied";
            case FileSystemException e when e.getReason() != null -> e.getReason();
            case CharacterCodingException e -> "it is not UTF-8 text";
            default -> failure.getMessage() == null ? failure.toString() : failure.getMessage();
        };
    }
}
