/** The command set against a model: random commands must give the data and the statuses that the model says. */
package io.nvmeof.interop.model;
