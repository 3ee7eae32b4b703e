"""The small words that give a language away, for languages written in Latin letters.

Five of them are written otherwise at home, and in Latin letters on a phone, which no library of language recognition
knows; spelling is free there, so each word has its common ways. Only what is frequent; a word may belong to several
languages, and what is said in more words of one of them is in that one.
"""

from __future__ import annotations

from collections.abc import Mapping

_POLISH = """
aby ale bardzo bez bo brak byc byl byla bylo być był była było chce chcialabym chcialbym chciałabym chciałbym chcę
co czemu czy dla dlaczego do dobry dostalem dostałem dziekuje dzien dzień dziękuję gdzie go i ich ile ja jak jaka
jaki jakie jest jestem juz już każdy kiedy kilka ktora ktore ktory która które który którą mam mi mnie moge mogę moj
moja moje mojego mojej moją moze mozna może można musze muszę mój na nadal nam nas nasz nasza nic nie niej od oraz
po pod pomoc pomóc poprosze poproszę prosze proszę przed przez sa sie się skąd są tak tam ten teraz to tu tylko w
wczoraj we wiec witam więc z za zamowienie zamówienie zanim ze zeby został zostało że żeby
"""
_ROMANIAN = """
a acasa acasă aceasta acest acum ai aici am ar are as asta astazi astăzi au avea aveti aveți azi aș bani banii bine
buna bună ca cand cat ce cea cel cineva comanda comandă costa costă cu cum când cât câte daca dacă dar de deja din
doar dupa după e este eu face fara fi foarte fost fără ieri imi in inapoi inca la ma mai maine mea mei mele meu mi
mult multumesc mulțumesc mâine mă ne nici niciun nimic nostru nu o pana pe pentru poate pot prin putea până rog sa
saptamana se si spalat spun spălat sunt să săptămâna ta te trebuie un unde unei unui va vine voi vor vrea vreau vă
ziua îmi în înapoi încă și
"""
_PORTUGUESE = """
agora ainda ajuda algum alguém ao aos aqui as ate até bem boa bom cheg chega chegou com como da das de desde dia do
dois dos e ela ele em encomenda entrega era essa esse esta estou está estão eu favor faz foi gostaria hoje isso ja
já lhe lá mais mas me meu meus minha minhas muito na nada nao nas no nos nossa nosso num numa não o obrigada
obrigado ola olá onde ontem os ou para pedido pela pelo pode podem por porque porquê posso preciso qual quando
quanta quanto que quem queria quero recebi saber se sem ser será seu sobre sua só tarde tem tenho ter ti tudo um uma
vez voce você vocês vou é
"""
_SPANISH = """
a acá ahora al algo alguien alguna algún antes aqui aquí aun ayer ayuda aún bien buenas buenos cada casa como con
cual cuando cuanto cuál cuándo cuánta cuánto cómo de del desde dia donde dos día días dónde el ella en entrega era
es esa ese eso esta estaba este esto estoy está están favor fue gracias ha hace hacer han hasta hay he hola hoy la
las le lo los manana mas mañana me mi mis mucho muy más nada necesito ni no nos nuestra nuestro o para pedido pero
poder podria podría por porque puede pueden puedo que quien quiero quisiera quién qué se ser si sin sobre son soy su
sí también tarde tengo tiene tienen todavia todavía todo tu un una unos usted ustedes va venir vez viene y ya yo él
"""
_ITALIAN = """
a adesso ai al alla alle anche ancora avete aveva bene buon buona buonasera buongiorno c'è ce che chi ci ciao col
come con cosa costa cui da dal dalla dei del dell dell' della delle deve di dopo dov'è dove dove' due e fa fare
fatto fino gia già gli grazie ha hai hanno ho i ieri il in io la le lei lo loro ma mai me mi mia mie miei mio molto
ne nel nella niente no noi non nostra nostro o oggi ogni ordine per perche perché però piu più poi posso potete
prima puo può qual quale quando quanto quella quello questa questo qui sarebbe se sei senza serve si sia solo sono
sta stato su sua sul sulla suo te ti tra tutto un una uno va vi viene voglio volevo vorrei è
"""
_FRENCH = """
a ai aide ainsi apres après au aujourd'hui aussi autre aux avant avec avez avoir beaucoup bien bonjour bonsoir c'est
ce cela ces cet cette chez combien commande comme comment d'un d'une dans de depuis des dois donc du elle en encore
est et ete eu faire fait faut hier ici il ils j'ai j'attends jai je jour jours jusqu la le les leur lors lui là ma
mais marche me merci mes moi mon même n'a n'ai n'est ne ni nos notre nous on ont ou où par pas peut peux plus pour
pourquoi pourriez pouvez pouvoir près puis-je qu'est qu'il quand que quel quelle qui quoi rien s'il sa sans savoir
se semaine ses si son sont suis sur ta te toujours tous tout tres très un une va vais veux vos votre voudrais vous y
à était été êtes
"""
_GERMAN = """
aber alle alles als also am an auch auf aus bei bekommen bestellung bin bis bitte da danke dann das dass dem den der
des deshalb die dies diese dieser dir doch du durch ein eine einem einen einer eines er es etwas euch euer fuer für
gestern gibt guten habe haben hallo hat hatte heute hier ich ihr ihre ihren im immer in ist ja jemand jetzt kann
kannst kein keine keinen koennen koennte kommt können könnte könnten lange man mehr mein meine meinem meinen meiner
mich mir mit moechte morgen muss möchte müssen nach nicht nichts noch nun nur ob oder ohne schon sehr sein seit sich
sie sind so sollte tag ueber um und uns unser unsere viel vom von vor wann war warum was weg wegen weiter wenn wer
werden wie wieder wieviel will wir wird wo wollte wuerde wurde würde zu zum zur zurueck zurück über
"""
_URDU = """
aaj aap aapka aapki aata aayi abhi agar apka apki apna apni aur aya aye bahut bata batao bhai bhej bheja bhejo bhi
bilkul bohat chahiye chahye chal chalti dein dena dijiye diya ek gaya gayi ghar hai hain hay hi ho hoga hogaya hogi
hogya hota hoti hua hui hum humara humein ja jab jaldi jata ka kab kabhi kahaan kahan kaisay kaise kar karain karna
karni karo karta karte karti karwana kaun kay ke kharab khareeda ki kitna kitne kitni ko koi kon kuch kya kyon kyu
kyun laga lekin liya magar main maine mat mein mera mere meri mil mila mujhay mujhe na nahi nahin nai nhi paisa
paise pehle phir raha rahe rahi rha rhi saath sab sakta sakte sakti se shukriya tak tha theek thi thik wala wapas
wapis wo woh ye yeh zyada
"""
_PUNJABI = """
aa aaoge aaya aayi aj ajj asi assi aunda bahut bhaji chahida chahide chahidi chahiye changa da de di do eh ehda ethe
gaya gayi ghar gya haan hai han hega ho hoi hona hoya hun isda ithe ja jado jaldi ji kad kado kadon kal kar kara
karan karda karde kardi karna karo kehda ki kida kiddan kinna kinne kinni kithe kithon kive kiven koi kyo lai layi
mai main mainu mennu menu mera mere meri naal nahi nahin nal ne ni nu ohda paise pehlan reha rehe rehi saada sada
sade sakda sakde sakdi sanu si taan tainu tak te tenu tera tuhada tuhadi tuhanu tusi tussi utte vaste vi vich wala
wapas wich
"""
_BENGALI = """
ache achhe achi aj ajke amader amake amar ami amra apnader apnar apnara apni ar are asbe asche ase asen asheni asini
bhai bhalo bolen bolun chacchi chai chaichi chhilo chilo choto dada dam debe deben den dewa diben dite diyechi diyen
dorkar ei eita ekhon ekhono ekta er eta feret ferot hobe hocche hoche holo hoyeche hoyna hoyni jabe jacche jonno kaj
kaje kemon keno khub ki kibhabe kichu kinechi kobe koi kora korben korbo korche korchi kore koren korte kotha kothai
kothay koto lagbe na nai nei nite niye nosto onek pacchi pai paini parbo parchi parchina paren pari pore sathe
shahajjo shomoy somoy ta tahole taka theke thik tumi valo vanga vangche
"""
_GUJARATI = """
aa aaj aaje aapo aapso aave aavi aavse aavshe aavya aavyo aavyu ane apo bagdi bahu bandh barabar ben bhai che chhe
chhu chu gayi gayo gayu ghare gher hase hati hato hatu have hu jaldi joi joiae joie joiye jova kai kale kari karo
karshe karsho karva karvani karvanu karvu kem ketla ketli ketlo kevi kevu kharab khule khulshe kon kya kyan kyare
lagse lagshe lai levu lidho lidhu maate maja male mali malse malshe malyu mane mara mare mari maro maru mate na naa
nakki nathi ni no nu pacha pachhi pachhu pachi pachu paisa pan pase saru shu shun su sudhi tamara tamari tamaro
tamaru tame thai thase thashe thayo thayu thodu tyare vadhare vagar
"""
_ARABIC = """
2ana 3ala 3alaikum 3andak 3andi 3andkom 3ashan 3ayez 7abibi abgha abi adir afwan ahlan aiwa akhi ala alaykum allah
ana anjad arga3 arja3 ashaghal ashan assalam ayez ayza ba3d baddi badi biddi bikam bkam bokra bta3 bta3i btdr bukra
dah di dilwa2ti eih el elli ely emta enta entu entum esh ezay ezzay fadlak fadlik feen fein fen fi fih gedan ghasala
ghassala habibi hada haida hal halla hatha hay hayda hena imta insha3allah inshallah izzay jay jdid ji kaif kam
kaman keef keif khalas khallas kharbana khrbt kull lama lao law lazem lazim leh leish lesh lissa lsa ma3 ma3a ma3ak
ma3i ma3lesh mafe mafi mafish makina marhaba mata mesh meta min mish mo momken mosh moshkela msh mu mumkin mushkela
mushkila na3am nafs ra7 rah sa3a sabah sah salaam salam samaht samahti shaghal shaghala shi shlon shlonak shokran
shu shughl shukran ta3 tab taba3 tabi talab talabeya talabi talabiya talaga tallaja taslim taw9il tawseel tawsil
tishtaghal wain wallah wasal wasalni wasel wayn wein wen wesel ya ya3ni yalla yani yesh3'al yishtaghal yom yoom
"""

SMALL_WORDS: Mapping[str, frozenset[str]] = {
    code: frozenset(words.replace("'", "").split())
    for code, words in (
        ("pl", _POLISH),
        ("ro", _ROMANIAN),
        ("pt", _PORTUGUESE),
        ("es", _SPANISH),
        ("it", _ITALIAN),
        ("fr", _FRENCH),
        ("de", _GERMAN),
        ("ur", _URDU),
        ("pa", _PUNJABI),
        ("bn", _BENGALI),
        ("gu", _GUJARATI),
        ("ar", _ARABIC),
    )
}
"""ISO 639-1 code to words, without apostrophes. In Latin letters Urdu and Hindi are one, and called Urdu."""
