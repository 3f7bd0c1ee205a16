/**
 * What admin commands carry: opcodes, features, events, and the Identify structures and log pages, each with its layout
 * under the names of the specification. Who answers a command, and when, is not known here.
 */
package io.nvmeof.protocol.admin;
