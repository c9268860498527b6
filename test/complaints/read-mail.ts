/** A received mail, read with a library the sender does not use. */
import PostalMime from "postal-mime";

export interface ParsedMail {
  to: string;
  from: string;
  subject: string;
  text: string;
}

export async function readMail(bytes: Buffer): Promise<ParsedMail> {
  const mail = await PostalMime.parse(bytes);
  return {
    to: mail.to?.[0]?.address ?? "",
    from: mail.from?.address ?? "",
    subject: mail.subject ?? "",
    text: mail.text ?? "",
  };
}
