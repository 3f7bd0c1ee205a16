/** What every file, every dependency and every document of this project must keep to, as tests. */
package io.nvmeof.interop.rules;
