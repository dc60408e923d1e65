// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

/**
 * Where the agent learns of workloads other than LXC's containers.
 *
 * @param docker Docker's engine
 * @param podman Podman's service, which has the same API
 */
public record WorkloadsConfig(EngineConfig docker, EngineConfig podman) {
    public static WorkloadsConfig defaults() {
        return new WorkloadsConfig(new EngineConfig("/run/docker.sock"), new EngineConfig("/run/podman/podman.sock"));
    }
}
