/** A sound and the system's notification, for who asked for them, and only while they look elsewhere. */

import { preferences } from "./preferences";

// Two short tones, a fourth apart: heard across a room, not startling.
const TONES = [659.25, 880];
const LENGTH = 0.14; // s
const LOUDNESS = 0.08;

let audio: AudioContext | null = null;

/** `text` holds no word of a customer: it may stand on a locked screen. */
export function alertAgent(text: string): void {
  if (preferences.get("sound")) chime();
  if (!preferences.get("notice") || !document.hidden) return;
  if ("Notification" in window && Notification.permission === "granted") {
    const notice = new Notification("Warmline desk", { body: text, tag: "warmline-desk" });
    notice.onclick = () => {
      window.focus();
      notice.close();
    };
  }
}

function chime(): void {
  try {
    audio ??= new AudioContext();
    TONES.forEach((frequency, at) => {
      if (!audio) return;
      const start = audio.currentTime + at * LENGTH;
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      tone.frequency.value = frequency;
      volume.gain.setValueAtTime(LOUDNESS, start);
      volume.gain.exponentialRampToValueAtTime(0.001, start + LENGTH);
      tone.connect(volume).connect(audio.destination);
      tone.start(start);
      tone.stop(start + LENGTH);
    });
  } catch {
    // No sound card, or none allowed before the first press: the list shows it all the same.
  }
}
