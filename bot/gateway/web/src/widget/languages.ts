/**
 * The widget's labels in other languages. What the assistant says is its own: `personMessage`, which it has to read,
 * stays in the language of the assistant.
 */

import type { Wait } from "./protocol";
import type { Texts } from "./texts";

/** One sentence for each of the three ways in which a waiting time can be told. */
function waits(hard: (most: number) => string, one: (most: number) => string, two: (a: number, b: number) => string) {
  return ({ p50_minutes: half, p90_minutes: most, too_wide }: Wait): string =>
    too_wide ? hard(most) : half === most ? one(most) : two(half, most);
}

function queue(waiting: string, next: string, place: (position: number) => string, wait: (wait: Wait) => string) {
  return (position: number | null, known: Wait | null): string => {
    if (position === null) return waiting;
    return `${waiting}\n${position === 1 ? next : place(position)}${known === null ? "" : `, ${wait(known)}`}`;
  };
}

const ar: Partial<Texts> = {
  launcher: "افتح محادثة المساعدة",
  launcherShort: "مساعدة",
  close: "أغلق المحادثة",
  log: "الرسائل",
  compose: "رسالتك",
  placeholder: "اكتب رسالة…",
  send: "إرسال",
  person: "تحدث إلى شخص",
  back: "العودة إلى المساعد",
  backFailed: "لم ينجح ذلك الآن. حاول مرة أخرى من فضلك.",
  replies: "ردود مقترحة",
  helpful: "هل كان هذا مفيدًا؟",
  thumbs: { up: "مفيد", down: "غير مفيد" },
  source: "من صفحات المساعدة لدينا",
  newMessages: "رسائل جديدة",
  lost: "لا يوجد اتصال. نحاول مرة أخرى…",
  connecting: "جارٍ الاتصال…",
  sending: "جارٍ الإرسال…",
  retrying: "لم تُرسل بعد، نحاول مرة أخرى",
  refused: "لم تُرسل",
  edit: "عدّلها",
  authors: { bot: "المساعد", human: "فريقنا", customer: "أنت", system: "إشعار" },
  assistant: "تتحدث إلى المساعد",
  linkFailed: "انتهت صلاحية هذا الرابط أو استُخدم من قبل.",
  queue: queue(
    "في انتظار شخص",
    "أنت التالي",
    (position) => `رقمك في الصف ${position}`,
    waits(
      (most) => `يصعب تحديد المدة، ربما أكثر من ${most} دقيقة`,
      (most) => `حوالي ${most} دقيقة`,
      (half, most) => `حوالي ${half} دقيقة، ونادرًا أكثر من ${most}`,
    ),
  ),
  human: (name) => (name ? `تتحدث إلى ${name}` : "تتحدث إلى شخص"),
  typing: (who) => `${who} يكتب`,
  unread: (count) => (count === 1 ? "رسالة جديدة واحدة" : `رسائل جديدة: ${count}`),
  left: (count) => (count >= 0 ? `الأحرف المتبقية: ${count}` : `أحرف زائدة: ${-count}، اختصرها من فضلك`),
  answerTo: (address) => `سنجيبك على \u2068${address}\u2069`,
  more: "المزيد في الأسفل",
  today: "اليوم",
  yesterday: "أمس",
  end: "إنهاء ونسيان",
  endAsk: "هل تريد إنهاء هذه المحادثة ونسيانها في هذا المتصفح؟",
  endKeep: "الاحتفاظ بها",
  ended: "انتهت المحادثة. نسيها هذا المتصفح، ولا يمكن لأحد فتحها من جديد.",
  endedPerson: "انتهت المحادثة. نسيها هذا المتصفح، ولا يمكن لأحد فتحها من جديد. لا يزال فريقنا يرى ما كتبته له.",
  endedAlone: "نسي هذا المتصفح المحادثة. لم نتمكن من إنهائها لدينا أيضًا لتعذر الاتصال.",
};

const de: Partial<Texts> = {
  launcher: "Hilfe-Chat öffnen",
  launcherShort: "Hilfe",
  close: "Chat schließen",
  log: "Nachrichten",
  compose: "Ihre Nachricht",
  placeholder: "Nachricht schreiben …",
  send: "Senden",
  person: "Mit einem Menschen sprechen",
  back: "Zurück zum Assistenten",
  backFailed: "Das hat gerade nicht geklappt. Bitte versuchen Sie es noch einmal.",
  replies: "Antwortvorschläge",
  helpful: "War das hilfreich?",
  thumbs: { up: "Hilfreich", down: "Nicht hilfreich" },
  source: "Aus unseren Hilfeseiten",
  newMessages: "Neue Nachrichten",
  lost: "Keine Verbindung. Neuer Versuch …",
  connecting: "Verbindung wird aufgebaut …",
  sending: "wird gesendet …",
  retrying: "noch nicht gesendet, neuer Versuch",
  refused: "nicht gesendet",
  edit: "Ändern",
  authors: { bot: "Assistent", human: "Unser Team", customer: "Sie", system: "Hinweis" },
  assistant: "Sie sprechen mit dem Assistenten",
  linkFailed: "Dieser Link ist abgelaufen oder wurde schon benutzt.",
  queue: queue(
    "Sie warten auf einen Menschen",
    "Sie sind als Nächstes dran",
    (position) => `Platz ${position} in der Warteschlange`,
    waits(
      (most) => `schwer zu sagen, vielleicht über ${most} Min.`,
      (most) => `etwa ${most} Min.`,
      (half, most) => `etwa ${half} Min., kaum mehr als ${most}`,
    ),
  ),
  human: (name) => (name ? `Sie sprechen mit ${name}` : "Sie sprechen mit einem Menschen"),
  typing: (who) => `${who} schreibt`,
  unread: (count) => (count === 1 ? "1 neue Nachricht" : `${count} neue Nachrichten`),
  left: (count) => (count >= 0 ? `noch ${count} Zeichen` : `${-count} Zeichen zu viel, bitte kürzen`),
  answerTo: (address) => `Wir antworten an ${address}`,
  more: "Weiter unten mehr",
  today: "Heute",
  yesterday: "Gestern",
  end: "Beenden und vergessen",
  endAsk: "Dieses Gespräch beenden und in diesem Browser vergessen?",
  endKeep: "Behalten",
  ended: "Das Gespräch ist beendet. Dieser Browser hat es vergessen, und niemand kann es wieder öffnen.",
  endedPerson:
    "Das Gespräch ist beendet. Dieser Browser hat es vergessen, und niemand kann es wieder öffnen. Unser Team sieht weiterhin, was Sie ihm geschrieben haben.",
  endedAlone: "Dieser Browser hat das Gespräch vergessen. Wir waren nicht zu erreichen, um es auch bei uns zu beenden.",
};

const es: Partial<Texts> = {
  launcher: "Abrir el chat de ayuda",
  launcherShort: "Ayuda",
  close: "Cerrar el chat",
  log: "Mensajes",
  compose: "Su mensaje",
  placeholder: "Escriba un mensaje…",
  send: "Enviar",
  person: "Hablar con una persona",
  back: "Volver al asistente",
  backFailed: "No ha funcionado. Inténtelo de nuevo, por favor.",
  replies: "Respuestas sugeridas",
  helpful: "¿Le ha servido?",
  thumbs: { up: "Útil", down: "No útil" },
  source: "De nuestras páginas de ayuda",
  newMessages: "Mensajes nuevos",
  lost: "Sin conexión. Lo intentamos de nuevo…",
  connecting: "Conectando…",
  sending: "enviando…",
  retrying: "aún sin enviar, lo intentamos de nuevo",
  refused: "no enviado",
  edit: "Cambiarlo",
  authors: { bot: "Asistente", human: "Nuestro equipo", customer: "Usted", system: "Aviso" },
  assistant: "Habla con el asistente",
  linkFailed: "Ese enlace ha caducado o ya se ha usado.",
  queue: queue(
    "Esperando a una persona",
    "Es su turno",
    (position) => `Puesto ${position} en la cola`,
    waits(
      (most) => `es difícil decir cuánto, quizá más de ${most} min`,
      (most) => `unos ${most} min`,
      (half, most) => `unos ${half} min, rara vez más de ${most}`,
    ),
  ),
  human: (name) => (name ? `Habla con ${name}` : "Habla con una persona"),
  typing: (who) => `${who} está escribiendo`,
  unread: (count) => (count === 1 ? "1 mensaje nuevo" : `${count} mensajes nuevos`),
  left: (count) => (count >= 0 ? `quedan ${count} caracteres` : `sobran ${-count} caracteres, acórtelo por favor`),
  answerTo: (address) => `Le respondemos a ${address}`,
  more: "Hay más abajo",
  today: "Hoy",
  yesterday: "Ayer",
  end: "Terminar y olvidar",
  endAsk: "¿Terminar esta conversación y olvidarla en este navegador?",
  endKeep: "Conservarla",
  ended: "La conversación ha terminado. Este navegador la ha olvidado y nadie puede volver a abrirla.",
  endedPerson:
    "La conversación ha terminado. Este navegador la ha olvidado y nadie puede volver a abrirla. Nuestro equipo sigue viendo lo que le escribió.",
  endedAlone:
    "Este navegador ha olvidado la conversación. No pudimos terminarla también por nuestro lado: no había conexión.",
};

const fr: Partial<Texts> = {
  launcher: "Ouvrir le chat d’aide",
  launcherShort: "Aide",
  close: "Fermer le chat",
  log: "Messages",
  compose: "Votre message",
  placeholder: "Écrivez un message…",
  send: "Envoyer",
  person: "Parler à quelqu’un",
  back: "Revenir à l’assistant",
  backFailed: "Cela n’a pas marché. Réessayez, s’il vous plaît.",
  replies: "Réponses proposées",
  helpful: "Cela vous a-t-il aidé ?",
  thumbs: { up: "Utile", down: "Pas utile" },
  source: "De nos pages d’aide",
  newMessages: "Nouveaux messages",
  lost: "Pas de connexion. Nouvel essai…",
  connecting: "Connexion…",
  sending: "envoi…",
  retrying: "pas encore envoyé, nouvel essai",
  refused: "pas envoyé",
  edit: "Le modifier",
  authors: { bot: "Assistant", human: "Notre équipe", customer: "Vous", system: "Avis" },
  assistant: "Vous parlez à l’assistant",
  linkFailed: "Ce lien a expiré ou a déjà servi.",
  queue: queue(
    "Vous attendez quelqu’un",
    "C’est bientôt à vous",
    (position) => `Numéro ${position} dans la file`,
    waits(
      (most) => `difficile à dire, peut-être plus de ${most} min`,
      (most) => `environ ${most} min`,
      (half, most) => `environ ${half} min, rarement plus de ${most}`,
    ),
  ),
  human: (name) => (name ? `Vous parlez à ${name}` : "Vous parlez à quelqu’un"),
  typing: (who) => `${who} écrit`,
  unread: (count) => (count === 1 ? "1 nouveau message" : `${count} nouveaux messages`),
  left: (count) =>
    count >= 0 ? `encore ${count} caractères` : `${-count} caractères de trop, raccourcissez s’il vous plaît`,
  answerTo: (address) => `Nous répondons à ${address}`,
  more: "La suite plus bas",
  today: "Aujourd’hui",
  yesterday: "Hier",
  end: "Terminer et oublier",
  endAsk: "Terminer cette conversation et l’oublier dans ce navigateur ?",
  endKeep: "La garder",
  ended: "La conversation est terminée. Ce navigateur l’a oubliée, et personne ne peut la rouvrir.",
  endedPerson:
    "La conversation est terminée. Ce navigateur l’a oubliée, et personne ne peut la rouvrir. Notre équipe voit toujours ce que vous lui avez écrit.",
  endedAlone:
    "Ce navigateur a oublié la conversation. Faute de connexion, elle n’a pas pu être terminée chez nous aussi.",
};

/** By ISO 639-1 code. */
export const languages: Readonly<Record<string, Partial<Texts>>> = { ar, de, es, fr };
