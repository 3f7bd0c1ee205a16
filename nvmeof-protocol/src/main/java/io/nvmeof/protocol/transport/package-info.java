/**
 * What a fabric is to the two ends: it carries command and response capsules and moves data. Nothing here knows what
 * a command means.
 */
package io.nvmeof.protocol.transport;
