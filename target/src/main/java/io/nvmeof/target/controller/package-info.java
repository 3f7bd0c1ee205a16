/**
 * The controller side of the protocol: queue pairs and their requests, controllers, and the three tables of commands.
 * A queue pair belongs to the loop of its connection, a controller to the loop of its admin queue, the registry of
 * subsystems and controllers to the control loop; they meet only through proxies and immutable snapshots.
 */
package io.nvmeof.target.controller;
