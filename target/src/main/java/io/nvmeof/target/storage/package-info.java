/**
 * What a namespace stores its blocks in: the interface that backends implement, and the backends that need nothing but
 * memory. Files and devices live in the module nvme-local.
 */
package io.nvmeof.target.storage;
