// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image;

import dev.realmesh.mesh.ServiceMain;
import java.time.InstantSource;

/// image-service as a process.
public final class ImageMain {
    private ImageMain() {}

    public static void main(String[] args) {
        ServiceMain.run(
                ImageService.BUS_NAME,
                args,
                (configuration, unused) -> ImageService.open(
                        configuration.bind("image-service", ImageServiceConfig.class), InstantSource.system()));
    }
}
