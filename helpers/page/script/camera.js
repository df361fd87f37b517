// The camera, where the browser lends it; where not, a sentence says what to do.

import { element } from "./dom.js";
import { words } from "./words.js";

/** @type {Record<string, string>} */
const WHY = {
  NotAllowedError: words.cameraDenied,
  SecurityError: words.cameraDenied,
  NotFoundError: words.cameraNone,
  OverconstrainedError: words.cameraNone,
};

/**
 * @param {import("./app.js").App} app
 * @param {(files: File[]) => Promise<void>} show
 */
export function startCamera(app, show) {
  const dialog = element("camera-dialog");
  const video = dialog.querySelector("video");
  let taken = 0;

  const close = () => {
    for (const track of video.srcObject?.getTracks() ?? []) track.stop();
    video.srcObject = null;
  };
  dialog.addEventListener("close", close);
  element("camera-close").addEventListener("click", () => dialog.close());

  element("camera").addEventListener("click", async () => {
    if (!navigator.mediaDevices?.getUserMedia) {
      app.complain(words.cameraMissing);
      return;
    }
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: "environment" },
      });
      dialog.showModal();
    } catch (error) {
      const name = error instanceof DOMException ? error.name : "";
      app.complain(WHY[name] ?? words.cameraBusy);
    }
  });

  element("shoot").addEventListener("click", () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    if (!canvas.width) return; // no picture has come yet
    canvas.getContext("2d")?.drawImage(video, 0, 0);
    canvas.toBlob(
      (blob) => {
        if (!blob) return;
        taken += 1;
        show([new File([blob], words.cameraName(taken), { type: blob.type })]);
        dialog.close();
      },
      "image/jpeg",
      0.95,
    );
  });
}
