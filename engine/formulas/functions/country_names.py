"""Names of countries in English and as each country calls itself, by ISO 3166 code; other languages: next door.

A row is a code, names with commas between, and a semicolon. Small letters, marks and dashes, "and" and "the" do not
matter, "St" is "Saint"; so one spelling stands for many.
"""

from __future__ import annotations

ENGLISH = """
AD Andorra; AE United Arab Emirates, UAE, Emirates; AF Afghanistan; AG Antigua and Barbuda; AI Anguilla; AL Albania;
AM Armenia; AO Angola; AQ Antarctica; AR Argentina, Argentine Republic; AS American Samoa; AT Austria; AU Australia;
AW Aruba; AX Åland Islands, Åland; AZ Azerbaijan; BA Bosnia and Herzegovina, Bosnia; BB Barbados; BD Bangladesh;
BE Belgium; BF Burkina Faso; BG Bulgaria; BH Bahrain; BI Burundi; BJ Benin; BL Saint Barthélemy, St Barts; BM Bermuda;
BN Brunei Darussalam, Brunei; BO Bolivia, Bolivia Plurinational State of, Plurinational State of Bolivia; BQ Bonaire
Sint Eustatius and Saba, Caribbean Netherlands, Bonaire; BR Brazil; BS Bahamas; BT Bhutan; BV Bouvet Island;
BW Botswana; BY Belarus; BZ Belize; CA Canada; CC Cocos Islands, Cocos Keeling Islands, Keeling; CD Democratic
Republic of the Congo, Congo Democratic Republic of the, DR Congo, DRC, Congo Kinshasa; CF Central African Republic;
CG Congo, Republic of the Congo, Congo Brazzaville; CH Switzerland; CI Côte d'Ivoire, Ivory Coast; CK Cook Islands;
CL Chile; CM Cameroon; CN China, People's Republic of China, PR China; CO Colombia; CR Costa Rica; CU Cuba; CV Cabo
Verde, Cape Verde; CW Curaçao; CX Christmas Island; CY Cyprus; CZ Czechia, Czech Republic; DE Germany, Federal
Republic of Germany; DJ Djibouti; DK Denmark, Kingdom of Denmark; DM Dominica; DO Dominican Republic; DZ Algeria;
EC Ecuador; EE Estonia; EG Egypt, Arab Republic of Egypt; EH Western Sahara; ER Eritrea; ES Spain, Kingdom of Spain;
ET Ethiopia; FI Finland; FJ Fiji; FK Falkland Islands, Falkland Islands Malvinas, Malvinas; FM Micronesia, Micronesia
Federated States of, Federated States of Micronesia; FO Faroe Islands, Faeroe Islands, Faroes; FR France, French
Republic; GA Gabon; GB United Kingdom, Great Britain, Britain, United Kingdom of Great Britain and Northern Ireland,
England, Scotland, Wales, Northern Ireland; GD Grenada; GE Georgia; GF French Guiana; GG Guernsey; GH Ghana;
GI Gibraltar; GL Greenland; GM Gambia; GN Guinea; GP Guadeloupe; GQ Equatorial Guinea; GR Greece, Hellas, Hellenic
Republic; GS South Georgia and the South Sandwich Islands, South Georgia; GT Guatemala; GU Guam; GW Guinea-Bissau;
GY Guyana; HK Hong Kong, Hong Kong SAR, Hong Kong SAR China; HM Heard Island and McDonald Islands, Heard and McDonald
Islands; HN Honduras; HR Croatia; HT Haiti; HU Hungary; ID Indonesia; IE Ireland, Republic of Ireland; IL Israel;
IM Isle of Man; IN India; IO British Indian Ocean Territory, Chagos Islands; IQ Iraq; IR Iran, Iran Islamic Republic
of, Islamic Republic of Iran; IS Iceland; IT Italy, Italian Republic; JE Jersey; JM Jamaica; JO Jordan; JP Japan;
KE Kenya; KG Kyrgyzstan; KH Cambodia; KI Kiribati; KM Comoros; KN Saint Kitts and Nevis; KP North Korea, Korea
Democratic People's Republic of, Democratic People's Republic of Korea; KR South Korea, Korea Republic of, Republic of
Korea; KW Kuwait; KY Cayman Islands; KZ Kazakhstan; LA Lao People's Democratic Republic, Laos; LB Lebanon; LC Saint
Lucia; LI Liechtenstein; LK Sri Lanka; LR Liberia; LS Lesotho; LT Lithuania; LU Luxembourg, Luxemburg; LV Latvia;
LY Libya; MA Morocco; MC Monaco; MD Moldova, Moldova Republic of, Republic of Moldova; ME Montenegro; MF Saint Martin,
Saint Martin French part; MG Madagascar; MH Marshall Islands; MK North Macedonia, Macedonia, Republic of North
Macedonia; ML Mali; MM Myanmar, Burma, Myanmar Burma; MN Mongolia; MO Macao, Macau, Macao SAR, Macao SAR China;
MP Northern Mariana Islands; MQ Martinique; MR Mauritania; MS Montserrat; MT Malta; MU Mauritius; MV Maldives;
MW Malawi; MX Mexico; MY Malaysia; MZ Mozambique; NA Namibia; NC New Caledonia; NE Niger; NF Norfolk Island;
NG Nigeria; NI Nicaragua; NL Netherlands, Netherlands Kingdom of the, Kingdom of the Netherlands, Holland; NO Norway,
Kingdom of Norway; NP Nepal; NR Nauru; NU Niue; NZ New Zealand; OM Oman; PA Panama; PE Peru; PF French Polynesia;
PG Papua New Guinea; PH Philippines; PK Pakistan; PL Poland, Republic of Poland; PM Saint Pierre and Miquelon;
PN Pitcairn, Pitcairn Islands; PR Puerto Rico; PS Palestine, Palestine State of, State of Palestine, Palestinian
Territories; PT Portugal, Portuguese Republic; PW Palau; PY Paraguay; QA Qatar; RE Réunion; RO Romania; RS Serbia;
RU Russian Federation, Russia; RW Rwanda; SA Saudi Arabia, Kingdom of Saudi Arabia; SB Solomon Islands; SC Seychelles;
SD Sudan; SE Sweden, Kingdom of Sweden; SG Singapore; SH Saint Helena, Saint Helena Ascension and Tristan da Cunha;
SI Slovenia; SJ Svalbard and Jan Mayen; SK Slovakia, Slovak Republic; SL Sierra Leone; SM San Marino; SN Senegal;
SO Somalia; SR Suriname; SS South Sudan; ST São Tomé and Príncipe, Sao Tome; SV El Salvador; SX Sint Maarten, Sint
Maarten Dutch part; SY Syrian Arab Republic, Syria; SZ Eswatini, Swaziland; TC Turks and Caicos Islands; TD Chad;
TF French Southern Territories; TG Togo; TH Thailand; TJ Tajikistan; TK Tokelau; TL Timor-Leste, East Timor;
TM Turkmenistan; TN Tunisia; TO Tonga; TR Türkiye, Turkey; TT Trinidad and Tobago; TV Tuvalu; TW Taiwan, Taiwan
Province of China; TZ Tanzania, Tanzania United Republic of, United Republic of Tanzania; UA Ukraine; UG Uganda;
UM United States Minor Outlying Islands, US Minor Outlying Islands, U.S. Outlying Islands; US United States, United
States of America, U.S.A., U.S.; UY Uruguay; UZ Uzbekistan; VA Holy See, Vatican City, Vatican, Vatican City State;
VC Saint Vincent and the Grenadines; VE Venezuela, Venezuela Bolivarian Republic of, Bolivarian Republic of Venezuela;
VG British Virgin Islands, Virgin Islands British; VI US Virgin Islands, Virgin Islands U.S., United States Virgin
Islands; VN Viet Nam, Vietnam; VU Vanuatu; WF Wallis and Futuna; WS Samoa; YE Yemen; YT Mayotte; ZA South Africa,
Republic of South Africa; ZM Zambia; ZW Zimbabwe; XK Kosovo
"""

OWN = """
AL Shqipëria, Shqipëri; AT Österreich, Republik Österreich; BA Bosna i Hercegovina; BE België, Belgique, Belgien;
BG Bulgaria, Balgariya; BR Brasil; CH Schweiz, Suisse, Svizzera, Svizra, Helvetia; CL Chile; CN Zhongguo; CZ Česko,
Česká republika; DE Deutschland, Bundesrepublik Deutschland, BRD; DK Danmark; DO República Dominicana; DZ Dzayer;
EE Eesti; ES España, Espanya, Espainia; ET Ityop'ya; FI Suomi; FO Føroyar; FR République française; GE Sakartvelo;
GL Kalaallit Nunaat; GR Ellada, Elláda, Ellas; HR Hrvatska; HU Magyarország; IE Éire; IS Ísland; IT Italia, Repubblica
Italiana; JP Nippon, Nihon; KH Kampuchea; LI Fürstentum Liechtenstein; LT Lietuva; LU Lëtzebuerg; LV Latvija;
MA Al-Maghrib; MD Republica Moldova; ME Crna Gora; MK Severna Makedonija; MX México; NL Nederland; NO Norge, Noreg;
PE Perú; PL Polska, Rzeczpospolita Polska; PT República Portuguesa; RO România; RS Srbija; RU Rossiya, Rossija;
SE Sverige, Konungariket Sverige; SI Slovenija; SK Slovensko, Slovenská republika; TR Türkiye Cumhuriyeti; UA Ukraina,
Ukrayina; VN Việt Nam; XK Kosova
"""

CODES = """
AD AND 020; AE ARE 784; AF AFG 004; AG ATG 028; AI AIA 660; AL ALB 008; AM ARM 051; AO AGO 024; AQ ATA 010; AR ARG
032; AS ASM 016; AT AUT 040; AU AUS 036; AW ABW 533; AX ALA 248; AZ AZE 031; BA BIH 070; BB BRB 052; BD BGD 050;
BE BEL 056; BF BFA 854; BG BGR 100; BH BHR 048; BI BDI 108; BJ BEN 204; BL BLM 652; BM BMU 060; BN BRN 096; BO BOL
068; BQ BES 535; BR BRA 076; BS BHS 044; BT BTN 064; BV BVT 074; BW BWA 072; BY BLR 112; BZ BLZ 084; CA CAN 124;
CC CCK 166; CD COD 180; CF CAF 140; CG COG 178; CH CHE 756; CI CIV 384; CK COK 184; CL CHL 152; CM CMR 120; CN CHN
156; CO COL 170; CR CRI 188; CU CUB 192; CV CPV 132; CW CUW 531; CX CXR 162; CY CYP 196; CZ CZE 203; DE DEU 276;
DJ DJI 262; DK DNK 208; DM DMA 212; DO DOM 214; DZ DZA 012; EC ECU 218; EE EST 233; EG EGY 818; EH ESH 732; ER ERI
232; ES ESP 724; ET ETH 231; FI FIN 246; FJ FJI 242; FK FLK 238; FM FSM 583; FO FRO 234; FR FRA 250; GA GAB 266;
GB GBR 826; GD GRD 308; GE GEO 268; GF GUF 254; GG GGY 831; GH GHA 288; GI GIB 292; GL GRL 304; GM GMB 270; GN GIN
324; GP GLP 312; GQ GNQ 226; GR GRC 300; GS SGS 239; GT GTM 320; GU GUM 316; GW GNB 624; GY GUY 328; HK HKG 344;
HM HMD 334; HN HND 340; HR HRV 191; HT HTI 332; HU HUN 348; ID IDN 360; IE IRL 372; IL ISR 376; IM IMN 833; IN IND
356; IO IOT 086; IQ IRQ 368; IR IRN 364; IS ISL 352; IT ITA 380; JE JEY 832; JM JAM 388; JO JOR 400; JP JPN 392;
KE KEN 404; KG KGZ 417; KH KHM 116; KI KIR 296; KM COM 174; KN KNA 659; KP PRK 408; KR KOR 410; KW KWT 414; KY CYM
136; KZ KAZ 398; LA LAO 418; LB LBN 422; LC LCA 662; LI LIE 438; LK LKA 144; LR LBR 430; LS LSO 426; LT LTU 440;
LU LUX 442; LV LVA 428; LY LBY 434; MA MAR 504; MC MCO 492; MD MDA 498; ME MNE 499; MF MAF 663; MG MDG 450; MH MHL
584; MK MKD 807; ML MLI 466; MM MMR 104; MN MNG 496; MO MAC 446; MP MNP 580; MQ MTQ 474; MR MRT 478; MS MSR 500;
MT MLT 470; MU MUS 480; MV MDV 462; MW MWI 454; MX MEX 484; MY MYS 458; MZ MOZ 508; NA NAM 516; NC NCL 540; NE NER
562; NF NFK 574; NG NGA 566; NI NIC 558; NL NLD 528; NO NOR 578; NP NPL 524; NR NRU 520; NU NIU 570; NZ NZL 554;
OM OMN 512; PA PAN 591; PE PER 604; PF PYF 258; PG PNG 598; PH PHL 608; PK PAK 586; PL POL 616; PM SPM 666; PN PCN
612; PR PRI 630; PS PSE 275; PT PRT 620; PW PLW 585; PY PRY 600; QA QAT 634; RE REU 638; RO ROU 642; RS SRB 688;
RU RUS 643; RW RWA 646; SA SAU 682; SB SLB 090; SC SYC 690; SD SDN 729; SE SWE 752; SG SGP 702; SH SHN 654; SI SVN
705; SJ SJM 744; SK SVK 703; SL SLE 694; SM SMR 674; SN SEN 686; SO SOM 706; SR SUR 740; SS SSD 728; ST STP 678;
SV SLV 222; SX SXM 534; SY SYR 760; SZ SWZ 748; TC TCA 796; TD TCD 148; TF ATF 260; TG TGO 768; TH THA 764; TJ TJK
762; TK TKL 772; TL TLS 626; TM TKM 795; TN TUN 788; TO TON 776; TR TUR 792; TT TTO 780; TV TUV 798; TW TWN 158;
TZ TZA 834; UA UKR 804; UG UGA 800; UM UMI 581; US USA 840; UY URY 858; UZ UZB 860; VA VAT 336; VC VCT 670; VE VEN
862; VG VGB 092; VI VIR 850; VN VNM 704; VU VUT 548; WF WLF 876; WS WSM 882; YE YEM 887; YT MYT 175; ZA ZAF 710;
ZM ZMB 894; ZW ZWE 716
"""
