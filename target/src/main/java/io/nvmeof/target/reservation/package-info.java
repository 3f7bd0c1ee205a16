/**
 * Reservations as NVMe Base 2.1, section "Reservations", defines them: who may touch a namespace, and how that changes.
 * Values and functions of values; no I/O, no threads.
 */
package io.nvmeof.target.reservation;
