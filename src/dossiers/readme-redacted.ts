/** What a redacted bag says of itself, in both languages whatever the version is in: it must not be taken for a whole one. */
export const README_REDACTED = `This dossier is redacted for sending.

Private words are masked (█████) in the PDF, incidents.csv and case.json. Exhibits whose name has "redacted" in it are copies with parts
made unreadable; case.json and the PDF give the SHA-256 of the copy and of its original. Exhibits listed as withheld stayed with the
complainant; their SHA-256 is that of the original.

history.jsonl has every event with its number, time, action and hashes, but "detail" is null. That each event follows the one before can be
checked by prevHash and hash; that a hash fits the content cannot, because the content is not here. The complainant has it.

本材料册为寄送而作了遮盖。

PDF、incidents.csv 和 case.json 中的隐私文字已遮盖（█████）。名称中带有 redacted 的证据是部分内容已涂没的副本，case.json 和 PDF 同时给出副本和
原件的 SHA-256。列为“未随附”的证据保留在投诉人处，所列 SHA-256 是原件的。

history.jsonl 保留每个事件的编号、时间、动作和哈希，但 detail 为 null。可以用 prevHash 和 hash 核对事件前后相连，不能核对哈希与内容是否相符，
因为内容不在其中，由投诉人保存。
`;
