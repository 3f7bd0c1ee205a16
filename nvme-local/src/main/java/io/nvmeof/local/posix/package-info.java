/**
 * The system calls that storage on Linux needs and the JDK does not offer, through the foreign function interface. This
 * is the only package of the module that looks up native functions.
 */
package io.nvmeof.local.posix;
