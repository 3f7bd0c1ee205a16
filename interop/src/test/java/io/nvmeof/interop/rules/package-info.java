/** What every file and every dependency of this project must keep to, as tests. */
package io.nvmeof.interop.rules;
