/** The frozen base: from a picture's pixels to its features. */

import { env, InferenceSession, Tensor } from "onnxruntime-web/wasm";

import { packedFile } from "./bytes.js";
import { readClassifier } from "./classifier.js";

/**
 * Start ONNX Runtime on the network that lies in the page. It takes some seconds.
 *
 * One thread: a page that is opened as a file may not share memory between several.
 *
 * @returns {Promise<import("./types.js").Network>}
 */
export async function startNetwork() {
  const [height, width] = readClassifier().image_size;
  const [runtime, network] = await Promise.all(["runtime", "network"].map(packedFile));
  env.wasm.numThreads = 1;
  env.wasm.wasmBinary = runtime;
  const session = await InferenceSession.create(network, {
    executionProviders: ["wasm"],
  });
  /** @type {Promise<unknown>} */
  let before = Promise.resolve(); // it computes one picture at a time

  /** @param {Float32Array} pixels */
  async function compute(pixels) {
    const given = new Tensor("float32", pixels, [1, height, width, 3]);
    const found = await session.run({ [session.inputNames[0]]: given });
    return Float32Array.from(
      /** @type {Float32Array} */ (found[session.outputNames[0]].data),
    );
  }

  return {
    features(pixels) {
      const now = before.then(() => compute(pixels));
      before = now.catch(() => {});
      return now;
    },
  };
}
