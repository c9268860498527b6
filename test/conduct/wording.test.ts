import { describe, expect, it } from "vitest";
import { acts, type Act } from "../../src/conduct/vocabulary.ts";
import { acts as file, wording } from "./shipped-aids.ts";

const suggested = (text: string) => [...new Set(wording.find(text).map((hit) => hit.act))];

/** What a collector says or writes. */
const said: [Act, string][] = [
  ["threat-of-violence", "Pay by tonight or I will send someone to break your legs."],
  ["threat-of-violence", "再不还钱，老子见你一次打你一次"],
  ["threat-of-violence", "你孩子在哪上学我们清楚得很，欠的钱自己掂量，放学路上小心点"],
  ["threat-of-arrest", "There is a warrant out for your arrest and deputies are on the way."],
  ["threat-of-arrest", "今天下午五点前不处理，我们就移交公安机关，等着坐牢吧"],
  ["threat-of-lawsuit", "If we do not receive the balance due we will file a lawsuit against you in county court."],
  ["threat-of-lawsuit", "您的案件已进入诉前阶段，将依法起诉，请准备应诉"],
  ["threat-of-seizure", "We are going to garnish your wages and put a lien on your house."],
  ["threat-of-seizure", "法院将查封您名下房产并冻结银行卡"],
  ["threat-to-credit", "This debt will ruin your credit score for seven years."],
  ["threat-to-credit", "逾期记录将上报央行征信，列入失信名单"],
  ["threat-to-tell-others", "Pay this loan or I will call your boss and tell your mother what you did."],
  ["threat-to-tell-others", "再不还款就爆你通讯录，让你全村都知道你欠钱"],
  ["threat-to-tell-others", "如继续拖欠，我司将联系您的家人及单位核实情况"],
  ["threat-of-deportation", "We will report you to immigration and have you deported."],
  ["threat-of-deportation", "不还就通知移民局，把你遣返"],
  ["insult", "You are a deadbeat, people like you never pay their bills."],
  ["insult", "欠钱不还，你还要不要脸？"],
  ["insult", "你这种人渣败类，借钱的时候怎么不说"],
  ["obscenity", "Pay your f***ing debt you piece of shit."],
  ["obscenity", "操你妈的，赶紧还钱"],
  ["intimidation", "We know where you live. You will regret this."],
  ["intimidation", "你给我等着，一切后果自负"],
  ["intimidation", "明天安排外访人员上门催收，请在家等候"],
  ["flooding", "Your phone will ring every five minutes. We can call you all day, every day until you pay this debt."],
  ["flooding", "不还钱就呼死你，24小时不间断"],
  ["impersonating-authority", "This is officer Daniels from the county sheriff, I am calling about your unpaid loan."],
  ["impersonating-authority", "我这里是市公安局经侦大队，你的贷款已经立案"],
  ["impersonating-lawyer", "I am calling from the law offices of Hale and Partners about your debt."],
  ["impersonating-lawyer", "你好，我们是正和律师事务所，受委托处理你的欠款"],
  ["misstated-consequence", "If this loan is not paid today you will lose your job and your license."],
  ["misstated-consequence", "不还款会影响你孩子上学和考公，父母的养老金也要扣"],
  ["claims-crime", "Not paying this loan is bank fraud, you are committing a crime."],
  ["claims-crime", "你这种行为已经涉嫌贷款诈骗，属于恶意逃废债"],
  ["discourages-legal-response", "You don't need to show up in court about the debt, just pay us."],
  ["discourages-legal-response", "不用去应诉，把钱还了就行，投诉也没用"],
  ["extra-fee", "You owe an extra convenience fee and attorney fees on top of the debt."],
  ["extra-fee", "不还款我们上门一次要收500元上门费，由你承担"],
  ["induced-borrowing", "Ask your family, borrow from a friend, I don't care how you pay this debt."],
  ["induced-borrowing", "去别的平台借出来先把这边还上"],
  ["payment-to-private-account", "Buy gift cards and read me the numbers to settle your debt."],
  ["payment-to-private-account", "把还款转到我微信，这是我的收款码"],
  ["told-third-party", "您好，请问是王强的同事吗？他欠款逾期，麻烦您转告他尽快还款"],
  ["published-personal-data", "I will post your photo on Facebook so everyone sees who owes money."],
  ["published-personal-data", "再不还就把你身份证照片发到抖音曝光你"],
  ["used-address-book", "I have your contact list here, all your contacts will hear about the loan."],
  ["used-address-book", "你的通讯录里每个人我都会打一遍"],
  ["private-phone-or-account", "加我微信谈还款，这是我私人号码"],
];

/** How a borrower tells it. */
const told: [Act, string][] = [
  ["threat-of-violence", "The man on the phone said they would come and hurt my kids if I didn't pay."],
  ["threat-of-violence", "他威胁要打断我的腿"],
  ["violence", "When the collector came he pushed me down and hit my brother."],
  ["violence", "催收的人上门后动手推搡我妈"],
  ["threat-of-arrest", "She told me the police would come and arrest me at work for this debt."],
  ["threat-of-arrest", "说我再不还就报警抓我去坐牢"],
  ["threat-of-lawsuit", "The agency threatened to sue me if I did not pay in full."],
  ["threat-of-lawsuit", "对方说要去法院告我"],
  ["threat-of-seizure", "They said they will garnish my wages and freeze my bank account."],
  ["threat-of-seizure", "威胁说要冻结我的工资卡"],
  ["threat-to-credit", "He threatened to put the collection on my credit report again."],
  ["threat-to-credit", "说不还就给我上征信黑名单"],
  ["threat-to-tell-others", "they threatened to call my mother about the loan"],
  ["threat-to-tell-others", "说要到我单位闹，让领导都知道"],
  ["threat-to-tell-others", "催收威胁要把欠钱的事告诉我父母"],
  ["threat-of-deportation", "He threatened to have me deported and mentioned my immigration status."],
  ["threat-of-deportation", "他说不还钱就让我被遣返，取消绿卡"],
  ["insult", "The representative was very rude, yelled at me and called me a liar."],
  ["insult", "催收员骂我是老赖、废物"],
  ["obscenity", "The collector cursed at me and used profanity."],
  ["obscenity", "接通就骂脏话，满口污言秽语"],
  ["intimidation", "I feel intimidated, they keep sending threatening letters."],
  ["intimidation", "他们一直恐吓我，吓得我不敢出门"],
  ["stalking", "A man from the agency followed me home and was parked outside my house."],
  ["stalking", "催收员跟踪我，还在我家楼下蹲守"],
  ["flooding", "They call me ten times a day, every single day."],
  ["flooding", "This company keeps calling even though I asked them to stop."],
  ["flooding", "I get constant calls from different numbers about a debt."],
  ["flooding", "他们一天打了三十多个电话"],
  ["flooding", "催收不停给我打电话，换着号码打"],
  ["impersonating-authority", "The caller claimed to be a detective with the sheriff's department."],
  ["impersonating-authority", "有人冒充法院的人打来电话"],
  ["impersonating-lawyer", "He pretended to be an attorney but no such firm exists, he wanted the loan paid."],
  ["impersonating-lawyer", "对方自称是律师，查不到律师执业证"],
  ["impersonating-lender", "The caller pretended to be my bank and asked about the loan."],
  ["impersonating-lender", "冒充平台客服骗我还款"],
  ["false-name", "The collector gave me a fake name and a different name the next day."],
  ["false-name", "催收员用的是假工号，根本查不到"],
  ["anonymous-contact", "The caller refused to identify himself or say what company he was with."],
  ["anonymous-contact", "问他是哪家公司，他不说，直接挂断"],
  ["fake-document", "They emailed a fake summons that looked like a court paper."],
  ["fake-document", "发来一张伪造的法院传票"],
  ["misstated-debt", "I do not owe this debt, it was paid in full years ago."],
  ["misstated-debt", "这笔钱我早就还清了，金额也不对，还来催收"],
  ["discourages-legal-response", "They told me not to go to court and said a lawyer won't help."],
  ["discourages-legal-response", "他叫我别找律师，说欠款的事投诉没用"],
  ["time-barred-suit", "They are suing me over a debt that is past the statute of limitations."],
  ["time-barred-suit", "十年前的一笔借款，早过了诉讼时效还要告我"],
  ["extra-fee", "The agency added fees and interest that I never agreed to on this debt."],
  ["extra-fee", "催收要我交违约金和服务费，合同里没有"],
  ["induced-borrowing", "She told me to borrow the money from my family to pay the debt."],
  ["induced-borrowing", "催收员逼我去借网贷来还"],
  ["payment-to-private-account", "He wanted me to pay the debt with gift cards."],
  ["payment-to-private-account", "让我把还款打到他个人账户"],
  ["told-third-party", "they called my boss and told her about the debt"],
  ["told-third-party", "The agency has been calling my parents and my coworkers about my loan."],
  ["told-third-party", "催收打给我妈，说我欠钱不还"],
  ["told-third-party", "我同事接到催收电话，现在全公司都知道了"],
  ["published-personal-data", "They posted my picture and my name on social media."],
  ["published-personal-data", "他们把我的身份证照片发到群里"],
  ["used-address-book", "They used the contacts in my phone to reach everyone about my loan."],
  ["used-address-book", "平台读取了我的通讯录，挨个打电话"],
  ["traded-personal-data", "The lender sold my personal information to other collectors."],
  ["traded-personal-data", "贷款平台泄露我的个人信息"],
  ["posted-notice", "The collector left a notice taped to my door where the neighbors could see it."],
  ["posted-notice", "催收在我家门口贴了催款单，还在村里拉横幅"],
  ["visible-debt-mark", "They sent a postcard that shows I owe a debt."],
  ["visible-debt-mark", "寄来的信封上印着催收两个字"],
  ["work-email", "They wrote to my work email about the debt."],
  ["work-email", "催收邮件发到我的工作邮箱"],
  ["private-phone-or-account", "The collector texted me from his personal cell phone about the debt."],
  ["private-phone-or-account", "催收员用私人微信联系我"],
  ["entered-home", "The collectors forced their way into my house."],
  ["entered-home", "催收的人强行闯进我家"],
  ["entered-workplace", "A debt collector came to my job and asked for me."],
  ["entered-workplace", "两个催收员跑到我公司闹"],
  ["would-not-leave", "The collectors refused to leave and kept banging on my door."],
  ["would-not-leave", "他们堵在门口赖着不走"],
  ["took-property", "They towed my car and took money from my account without authorization for this debt."],
  ["took-property", "他们强行拖走我的车"],
  ["no-verification", "I asked for proof of the debt and they never sent anything."],
  ["no-verification", "要求出示合同，对方拿不出任何凭证"],
  ["other-improper", "The agency is harassing me and calls late at night."],
  ["other-improper", "催收半夜打电话骚扰我"],
];

/** Talk in which there is nothing to suggest, though its words come close. */
const innocent = [
  "学校催交材料，今晚班会别迟到",
  "今天真悲催，作业又没写完",
  "晚上听催眠曲睡得特别好",
  "学校催你交学费了吗？别忘了",
  "借我二十块钱吃饭，明天还你",
  "哈哈我打死你，又偷吃我的零食",
  "你妈妈打电话来问你什么时候回家",
  "我明天上门取快递，你在家等我",
  "周末去你单位找你吃饭吧",
  "晚上玩狼人杀吗，三缺一，来了我先杀你哈哈",
  "他天天给我打电话，我们下个月结婚",
  "记得加我微信，发你聚会的照片",
  "老师让家长把孩子的照片发到群里",
  "法院旁边新开了一家面馆，味道不错",
  "警察叔叔帮我找到了钱包，太感谢了",
  "我爸当过二十年律师，有问题可以问他",
  "通讯录丢了，麻烦重新发一下大家的电话",
  "地铁上好堵，堵门口出不去",
  "路上小心，到家告诉你家人一声",
  "领导说下周开会，通知你们单位的人都来",
  "您的快递已放门口，请查收",
  "【银行】您尾号1234的卡消费20元，余额300元",
  "尊敬的客户，您的借款将于3天后到期，请按时还款，感谢您的支持",
  "Can you lend me 20 bucks for lunch? I'll pay you tomorrow.",
  "Call your mother, she wants to know what time you land.",
  "I'll kill you if you eat my cake again lol",
  "My boss called a meeting at nine, see you there.",
  "The sheriff was the best part of that movie",
  "He calls me every day and I love it",
  "Stop calling me silly haha, I was only joking!",
  "Don't forget to return the library books, they are overdue",
  "See you in court at 6, bring your racket",
  "My sister sued me with kisses when I got home",
  "Tell your friends about the party on Saturday",
  "Coming to your house in ten minutes, put the kettle on",
  "She works at a law firm downtown, really nice people",
  "Your payment has been received. Thank you.",
  "Hi, this is a reminder that your loan payment is due on Friday. Thank you for being a customer.",
];

/** Said not to have been done, or forbidden. */
const negated: [Act, string][] = [
  ["threat-of-violence", "他没有威胁要打我"],
  ["threat-to-tell-others", "客服说不会联系您的家人，请放心还款"],
  ["threat-of-lawsuit", "We will not sue you over this debt."],
  ["threat-of-arrest", "We never threatened to arrest anyone over a debt."],
  ["told-third-party", "The agency never called my boss about the debt."],
  ["told-third-party", "催收没有打给我妈"],
  ["insult", "催收员没有骂我，态度很好"],
  ["intimidation", "对方并没有威胁我"],
];

/** Written so as to slip past. */
const disguised: [Act, string][] = [
  ["threat-of-violence", "我要杀*你"],
  ["threat-of-violence", "小 心 你 全 家"],
  ["threat-of-violence", "弄.死.你"],
  ["threat-of-violence", "我會殺了你全家"],
  ["threat-of-violence", "小😡心😡你😡全😡家"],
  ["intimidation", "明天就上.门找你还钱，後果自負"],
  ["intimidation", "不还款，后\u200b果\u200b自\u200b负"],
  ["threat-to-tell-others", "爆你通訊錄"],
  ["threat-to-tell-others", "爆 你 通 信 录"],
  ["payment-to-private-account", "还款转到个人威信"],
  ["threat-of-arrest", "ＹＯＵ　ＷＩＬＬ　ＢＥ　ＡＲＲＥＳＴＥＤ"],
  ["threat-of-arrest", "You will be 𝐚𝐫𝐫𝐞𝐬𝐭𝐞𝐝"],
  ["threat-of-arrest", "yоu will bе аrrеstеd"],
  ["threat-to-credit", "征 信 黑 名 单"],
  ["obscenity", "f*ck you, pay your debt"],
  ["insult", "欠钱不还的辣鸡东西"],
];

describe("the collector's words suggest the act", () => {
  it.each(said)("%s: %s", (act, text) => expect(suggested(text)).toContain(act));
});

describe("the borrower's telling suggests the act", () => {
  it.each(told)("%s: %s", (act, text) => expect(suggested(text)).toContain(act));
});

describe("nothing is suggested by everyday talk", () => {
  it.each(innocent)("%s", (text) => expect(wording.find(text)).toEqual([]));
});

describe("what is said not to have happened is not suggested", () => {
  it.each(negated)("%s: %s", (act, text) => expect(suggested(text)).not.toContain(act));
});

describe("disguised words are seen through", () => {
  it.each(disguised)("%s: %s", (act, text) => expect(suggested(text)).toContain(act));
});

it("every act has an example here in both languages, told by the borrower or said by the collector", () => {
  const han = /\p{Script=Han}/u;
  const lacking: string[] = [];
  for (const act of acts) {
    const examples = [...said, ...told].filter(([one]) => one === act).map(([, text]) => text);
    if (!examples.some((text) => han.test(text))) lacking.push(`${act} in Chinese`);
    if (!examples.some((text) => !han.test(text))) lacking.push(`${act} in English`);
  }
  expect(lacking).toEqual([]);
});

it("the quoted words are the original ones", () => {
  const text = "他說：明天就上.门找你要钱，小 心 你 全家！";
  const hits = wording.find(text);
  expect(hits.map((hit) => hit.text)).toContain("小 心 你 全家");
  for (const { start, end, text: quote } of hits) expect(text.slice(start, end)).toBe(quote);
});

it("every act has a label and a box to tick in both languages, and a group that is shown", () => {
  for (const { group, label, tick } of file.acts) {
    expect(file.groups.map((one) => one.id)).toContain(group);
    for (const text of [label["zh-CN"], tick["zh-CN"]]) expect(text).toMatch(/\p{Script=Han}/u);
    for (const text of [label.en, tick.en]) expect(text).not.toMatch(/\p{Script=Han}/u);
  }
});
