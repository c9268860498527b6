/**
 * The closed lists in plain words of both languages, as they stand inside the sentences of an explanation.
 * Pages have their own labels; these belong to the core, so that a finding explains itself without a page. Next: sentences.ts.
 */
import type {
  Bilingual,
  Channel,
  Outcome,
  channels,
  collectorKinds,
  contactedPersons,
  disclosures,
  lenderKinds,
  noticeKinds,
  places,
  purposes,
} from "./vocabulary.ts";

const both = (en: string, zh: string): Bilingual => ({ en, "zh-CN": zh });
type Labels<T extends readonly string[]> = Record<T[number], Bilingual>;

export const channelLabels: Labels<typeof channels> = {
  call: both("a call", "电话"),
  voicemail: both("a voicemail", "语音留言"),
  sms: both("a text message", "短信"),
  chat: both("a chat message", "聊天消息"),
  email: both("an e-mail", "电子邮件"),
  letter: both("a letter", "信函"),
  visit: both("a visit", "上门"),
  post: both("a public post", "公开发帖"),
  other: both("another kind of contact", "其他方式的联系"),
} satisfies Record<Channel, Bilingual>;

export const contactedLabels: Labels<typeof contactedPersons> = {
  self: both("the borrower", "借款人本人"),
  spouse: both("the spouse", "配偶"),
  guarantor: both("a guarantor", "担保人"),
  "emergency-contact": both("an emergency contact", "紧急联系人"),
  family: both("a family member", "家人"),
  friend: both("a friend", "朋友"),
  colleague: both("a colleague", "同事"),
  employer: both("the employer", "工作单位"),
  stranger: both("a stranger", "陌生人"),
  public: both("the public", "公众"),
};

export const placeLabels: Labels<typeof places> = {
  home: both("at home", "在家中"),
  work: both("at work", "在工作场所"),
  other: both("somewhere else", "在其他地点"),
  unknown: both("in an unknown place", "在不明地点"),
};

export const outcomeLabels: Labels<readonly Outcome[]> = {
  conversation: both("a conversation", "双方通话"),
  connected: both("answered without a real talk", "已接通但未实际交谈"),
  unanswered: both("unanswered", "未接听"),
  "voicemail-left": both("a voicemail left", "留下语音留言"),
  blocked: both("blocked", "被拦截"),
  "not-connected": both("not connected", "未接通"),
  delivered: both("delivered", "已送达"),
  unknown: both("not known", "不明"),
};

export const purposeLabels: Labels<typeof purposes> = {
  notification: both("a notification", "告知"),
  interactive: both("interactive", "交互"),
  unknown: both("not known", "不明"),
};

export const collectorKindLabels: Labels<typeof collectorKinds> = {
  lender: both("the lender's own staff", "贷款机构自己的人员"),
  agency: both("a collection agency", "外部催收机构"),
  lawyer: both("a lawyer", "律师"),
  "debt-buyer": both("a debt buyer", "债权受让方"),
  unknown: both("an unknown collector", "身份不明的催收人"),
};

export const lenderKindLabels: Labels<typeof lenderKinds> = {
  bank: both("a bank", "银行"),
  "consumer-finance": both("a consumer-finance company", "消费金融公司"),
  "micro-loan": both("a micro-loan company", "小额贷款公司"),
  "auto-finance": both("an auto-finance company", "汽车金融公司"),
  card: both("a card issuer", "信用卡发卡机构"),
  unlicensed: both("an unlicensed lender", "无牌照的放贷方"),
  "original-creditor": both("the original creditor", "原始债权人"),
  unknown: both("a lender of unknown kind", "类型不明的贷款机构"),
};

export const disclosureLabels: Labels<typeof disclosures> = {
  identity: both("who was calling", "来电人身份"),
  institution: both("the institution", "所代表的机构"),
  purpose: both("the purpose", "联系目的"),
  amount: both("the amount", "欠款金额"),
  "opt-out": both("how to opt out", "退订方式"),
  "debt-collector": both("that the caller is a debt collector", "对方是债务催收人"),
  "information-will-be-used": both("that what is said will be used to collect", "所得信息将用于催收"),
  "debt-to-third-party": both("the debt, to a third party", "向第三人说出欠款情况"),
  validation: both("the validation of the debt", "债务核实信息"),
  "visit-notice": both("a notice of the visit", "上门前的通知"),
  "id-shown": both("proof of identity", "出示证件"),
};

export const noticeLabels: Labels<typeof noticeKinds> = {
  "cease-contact": both("to stop contacting", "停止联系的要求"),
  "refuse-to-pay": both("of refusal to pay", "拒绝付款的通知"),
  "inconvenient-time": both("about inconvenient times", "关于不便时间的告知"),
  "inconvenient-place": both("about inconvenient places", "关于不便地点的告知"),
  "medium-refused": both("refusing a way of contact", "拒绝某种联系方式的告知"),
  represented: both("of being represented by a lawyer", "已委托律师的告知"),
  dispute: both("disputing the debt", "对债务的异议"),
  "third-party-refusal": both("of a third party who does not want to be contacted", "第三人拒绝被联系的要求"),
  "hardship-request": both("asking for help in hardship", "困难协商请求"),
  "consent-time": both("agreeing to contact at certain hours", "对联系时间的约定"),
  "consent-frequency": both("agreeing to a number of contacts", "对联系次数的约定"),
};
