"""Names of countries in Swedish, Norwegian, Danish, German, Dutch and French, where they are not the English ones.

Written like the rows of `country_names`.
"""

from __future__ import annotations

SWEDISH = """
AE Förenade Arabemiraten; AG Antigua och Barbuda; AL Albanien; AM Armenien; AQ Antarktis; AS Amerikanska Samoa;
AT Österrike; AU Australien; AX Åland; AZ Azerbajdzjan; BA Bosnien och Hercegovina, Bosnien; BE Belgien; BG Bulgarien;
BL Saint-Barthélemy; BQ Karibiska Nederländerna; BR Brasilien; BV Bouvetön; BY Belarus, Vitryssland; CA Kanada;
CC Kokosöarna; CD Kongo-Kinshasa, Demokratiska republiken Kongo; CF Centralafrikanska republiken;
CG Kongo-Brazzaville; CH Schweiz; CI Elfenbenskusten; CK Cooköarna; CM Kamerun; CN Kina; CU Kuba; CV Kap Verde;
CX Julön; CY Cypern; CZ Tjeckien, Tjeckiska republiken; DE Tyskland; DK Danmark; DO Dominikanska republiken;
DZ Algeriet; EE Estland; EG Egypten; EH Västsahara; ES Spanien; ET Etiopien; FK Falklandsöarna; FM Mikronesien;
FO Färöarna, Färöarne; FR Frankrike; GB Storbritannien, Förenade kungariket; GE Georgien; GF Franska Guyana;
GL Grönland; GQ Ekvatorialguinea; GR Grekland; GS Sydgeorgien och Sydsandwichöarna; HK Hongkong; HM Heardön och
McDonaldöarna; HR Kroatien; HU Ungern; ID Indonesien; IE Irland; IN Indien; IO Brittiska territoriet i Indiska
oceanen; IQ Irak; IS Island; IT Italien; JO Jordanien; KG Kirgizistan; KH Kambodja; KM Komorerna; KN Saint Kitts och
Nevis; KP Nordkorea; KR Sydkorea; KY Caymanöarna; KZ Kazakstan; LB Libanon; LT Litauen; LU Luxemburg; LV Lettland;
LY Libyen; MA Marocko; MD Moldavien; MG Madagaskar; MH Marshallöarna; MK Nordmakedonien, Makedonien; MN Mongoliet;
MP Nordmarianerna; MR Mauretanien; MV Maldiverna; MX Mexiko; MZ Moçambique; NC Nya Kaledonien; NF Norfolkön;
NL Nederländerna; NO Norge; NZ Nya Zeeland; PF Franska Polynesien; PG Papua Nya Guinea; PH Filippinerna; PL Polen;
PM Saint-Pierre och Miquelon; PN Pitcairnöarna; PS Palestina, Palestinska territorierna; RO Rumänien; RS Serbien;
RU Ryssland, Ryska federationen; SA Saudiarabien; SB Salomonöarna; SC Seychellerna; SE Sverige; SH Sankta Helena,
Saint Helena; SI Slovenien; SJ Svalbard och Jan Mayen; SK Slovakien; SR Surinam; SS Sydsudan; ST São Tomé och
Príncipe; SY Syrien; TC Turks- och Caicosöarna; TD Tchad; TF Franska sydterritorierna; TJ Tadzjikistan;
TK Tokelauöarna; TL Östtimor; TN Tunisien; TR Turkiet; TT Trinidad och Tobago; UA Ukraina; UM USA:s yttre öar; US USA,
Förenta staterna, Amerikas förenta stater; VA Vatikanstaten, Vatikanen; VC Saint Vincent och Grenadinerna;
VG Brittiska Jungfruöarna; VI Amerikanska Jungfruöarna; WF Wallis- och Futunaöarna; YE Jemen, Yemen; ZA Sydafrika
"""

NORWEGIAN = """
AE De forente arabiske emirater, Dei sameinte arabiske emirata; AG Antigua og Barbuda; AQ Antarktis; AS Amerikansk
Samoa; AT Østerrike, Austerrike; AX Åland; AZ Aserbajdsjan; BA Bosnia-Hercegovina, Bosnia og Hercegovina; BE Belgia;
BF Burkina Faso; BQ Karibisk Nederland; BR Brasil; BV Bouvetøya; BY Belarus, Hviterussland; CC Kokosøyene, Kokosøyane;
CD Kongo-Kinshasa, Den demokratiske republikken Kongo; CF Den sentralafrikanske republikk, Den sentralafrikanske
republikken; CG Kongo-Brazzaville, Republikken Kongo; CH Sveits; CI Elfenbenskysten, Elfenbeinskysten; CK Cookøyene,
Cookøyane; CM Kamerun; CN Kina; CO Colombia; CV Kapp Verde; CX Christmasøya; CY Kypros; CZ Tsjekkia, Den tsjekkiske
republikk; DE Tyskland; DK Danmark; DO Den dominikanske republikk, Den dominikanske republikken; DZ Algerie;
EE Estland; EH Vest-Sahara; ES Spania; ET Etiopia; FK Falklandsøyene, Falklandsøyane; FM Mikronesiaføderasjonen,
Mikronesia; FO Færøyene, Færøyane; FR Frankrike, Frankrig; GB Storbritannia, Det forente kongerike; GF Fransk Guyana;
GL Grønland; GQ Ekvatorial-Guinea; GR Hellas; GS Sør-Georgia og Sør-Sandwichøyene, Sør-Georgia og Sør-Sandwichøyane;
HK Hongkong; HM Heard- og McDonaldøyene, Heardøya og McDonaldøyane; HR Kroatia; HU Ungarn; IE Irland; IM Man; IO Det
britiske territoriet i Indiahavet; IQ Irak; IS Island; IT Italia; KG Kirgisistan; KH Kambodsja; KM Komorene, Komorane;
KN Saint Kitts og Nevis; KP Nord-Korea; KR Sør-Korea; KY Caymanøyene, Caymanøyane; KZ Kasakhstan; LB Libanon;
LT Litauen; MA Marokko; MG Madagaskar; MH Marshalløyene, Marshalløyane; MK Nord-Makedonia, Makedonia; MM Burma;
MP Nord-Marianene, Nord-Marianane; MR Mauritania; MV Maldivene, Maldivane; MZ Mosambik; NC Ny-Caledonia;
NF Norfolkøya; NL Nederland; NO Norge, Noreg; NZ New Zealand; PF Fransk Polynesia; PG Papua Ny-Guinea; PH Filippinene,
Filippinane; PL Polen; PM Saint-Pierre-et-Miquelon, Saint-Pierre og Miquelon; PN Pitcairnøyene; PS Palestina, Det
palestinske området; RU Russland, Den russiske føderasjon; SA Saudi-Arabia; SB Salomonøyene, Salomonøyane;
SC Seychellene, Seychellane; SE Sverige; SH Sankt Helena, St. Helena; SJ Svalbard og Jan Mayen; SR Surinam;
SS Sør-Sudan; ST São Tomé og Príncipe; TC Turks- og Caicosøyene, Turks- og Caicosøyane; TD Tsjad; TF De franske
sørterritorier, Dei franske sørterritoria; TJ Tadsjikistan; TL Øst-Timor, Aust-Timor; TR Tyrkia; TT Trinidad og
Tobago; UA Ukraina; UM USAs ytre øyer, USAs ytre småøyar; US USA, De forente stater, Amerikas forente stater,
Sambandsstatane; UZ Usbekistan; VA Vatikanstaten; VC Saint Vincent og Grenadinene, Saint Vincent og Grenadinane; VG De
britiske jomfruøyene, Dei britiske Jomfruøyane; VI De amerikanske jomfruøyene, Dei amerikanske Jomfruøyane; WF Wallis
og Futuna; YE Jemen; ZA Sør-Afrika
"""

DANISH = """
AE De Forenede Arabiske Emirater, Forenede Arabiske Emirater; AG Antigua og Barbuda; AL Albanien; AM Armenien;
AQ Antarktis; AS Amerikansk Samoa; AT Østrig; AU Australien; AX Åland, Ålandsøerne; AZ Aserbajdsjan;
BA Bosnien-Hercegovina, Bosnien og Hercegovina; BE Belgien; BG Bulgarien; BQ De tidligere Nederlandske Antiller,
Caribisk Nederland; BR Brasilien; BV Bouvetøen; BY Belarus, Hviderusland; CC Cocosøerne; CD Congo-Kinshasa, Den
Demokratiske Republik Congo; CF Den Centralafrikanske Republik, Centralafrikanske Republik; CG Congo-Brazzaville,
Republikken Congo; CH Schweiz; CI Elfenbenskysten; CK Cookøerne; CM Cameroun; CN Kina; CV Kap Verde; CX Juleøen,
Christmas Island; CY Cypern; CZ Tjekkiet, Den Tjekkiske Republik; DE Tyskland; DK Danmark; DO Den Dominikanske
Republik, Dominikanske Republik; DZ Algeriet; EE Estland; EG Egypten, Ægypten; EH Vestsahara; ES Spanien; ET Etiopien;
FK Falklandsøerne; FM Mikronesien; FO Færøerne; FR Frankrig; GB Storbritannien, Det Forenede Kongerige; GE Georgien;
GF Fransk Guyana; GL Grønland; GQ Ækvatorialguinea; GR Grækenland; GS South Georgia og De Sydlige Sandwichøer,
Sydgeorgien; HK Hongkong; HM Heard Island og McDonald Islands; HR Kroatien; HU Ungarn; ID Indonesien; IE Irland;
IN Indien; IO Det Britiske Territorium i Det Indiske Ocean; IQ Irak; IS Island; IT Italien; KG Kirgisistan;
KH Cambodja; KM Comorerne; KN Saint Kitts og Nevis; KP Nordkorea; KR Sydkorea; KY Caymanøerne; KZ Kasakhstan;
LB Libanon; LT Litauen; LV Letland; LY Libyen; MA Marokko; MD Moldova, Moldavien; MG Madagaskar; MH Marshalløerne;
MK Nordmakedonien, Makedonien; MN Mongoliet; MP Nordmarianerne; MR Mauretanien; MV Maldiverne; MZ Mozambique; NC Ny
Kaledonien; NF Norfolk Island; NL Nederlandene, Holland; NO Norge; NZ New Zealand; PF Fransk Polynesien; PG Papua Ny
Guinea; PH Filippinerne; PL Polen; PM Saint Pierre og Miquelon; PS Palæstina, De palæstinensiske områder; RO Rumænien;
RS Serbien; RU Rusland, Den Russiske Føderation; SA Saudi-Arabien; SB Salomonøerne; SC Seychellerne; SE Sverige;
SH Sankt Helena, St. Helena; SI Slovenien; SJ Svalbard og Jan Mayen; SK Slovakiet; SR Surinam; SS Sydsudan; ST São
Tomé og Príncipe; SY Syrien; TC Turks- og Caicosøerne; TD Tchad; TF De Franske Besiddelser i Det Sydlige Indiske
Ocean; TJ Tadsjikistan; TL Timor-Leste, Østtimor; TN Tunesien; TR Tyrkiet; TT Trinidad og Tobago; UM Amerikanske
oversøiske øer; US USA, De Forenede Stater, Amerikas Forenede Stater; UZ Usbekistan; VA Vatikanstaten; VC Saint
Vincent og Grenadinerne; VG De Britiske Jomfruøer; VI De Amerikanske Jomfruøer; WF Wallis og Futuna; YE Yemen;
ZA Sydafrika
"""

GERMAN = """
AE Vereinigte Arabische Emirate; AG Antigua und Barbuda; AL Albanien; AM Armenien; AQ Antarktis; AR Argentinien;
AS Amerikanisch-Samoa; AT Österreich; AU Australien; AX Ålandinseln, Åland; AZ Aserbaidschan; BA Bosnien und
Herzegowina, Bosnien-Herzegowina, Bosnien; BD Bangladesch; BE Belgien; BG Bulgarien; BL Saint-Barthélemy, St.
Barthélemy; BN Brunei Darussalam; BO Bolivien; BQ Bonaire Sint Eustatius und Saba, Karibische Niederlande;
BR Brasilien; BV Bouvetinsel; BW Botsuana; BY Belarus, Weißrussland; CA Kanada; CC Kokosinseln; CD Demokratische
Republik Kongo, Kongo-Kinshasa; CF Zentralafrikanische Republik; CG Kongo-Brazzaville, Republik Kongo; CH Schweiz;
CI Côte d'Ivoire, Elfenbeinküste; CK Cookinseln; CM Kamerun; CO Kolumbien; CU Kuba; CV Cabo Verde, Kap Verde;
CX Weihnachtsinsel; CY Zypern; CZ Tschechien, Tschechische Republik; DE Deutschland; DJ Dschibuti; DK Dänemark;
DO Dominikanische Republik; DZ Algerien; EE Estland; EG Ägypten; EH Westsahara; ES Spanien; ET Äthiopien; FI Finnland;
FJ Fidschi; FK Falklandinseln; FM Mikronesien; FO Färöer, Färöer-Inseln; FR Frankreich; GA Gabun; GB Großbritannien,
Vereinigtes Königreich, England; GE Georgien; GF Französisch-Guayana; GL Grönland; GQ Äquatorialguinea;
GR Griechenland; GS Südgeorgien und die Südlichen Sandwichinseln; HK Hongkong, Sonderverwaltungsregion Hongkong;
HM Heard und McDonaldinseln; HR Kroatien; HU Ungarn; ID Indonesien; IE Irland; IM Isle of Man, Insel Man; IN Indien;
IO Britisches Territorium im Indischen Ozean; IQ Irak; IS Island; IT Italien; JM Jamaika; JO Jordanien; KE Kenia;
KG Kirgisistan; KH Kambodscha; KM Komoren; KN St. Kitts und Nevis; KP Nordkorea; KR Südkorea; KY Kaimaninseln;
KZ Kasachstan; LB Libanon; LT Litauen; LU Luxemburg; LV Lettland; LY Libyen; MA Marokko; MD Moldau, Republik Moldau,
Moldawien; MG Madagaskar; MH Marshallinseln; MK Nordmazedonien, Mazedonien; MN Mongolei; MO Macau, Macao; MP Nördliche
Marianen; MR Mauretanien; MV Malediven; MX Mexiko; MZ Mosambik; NC Neukaledonien; NF Norfolkinsel; NL Niederlande,
Holland; NO Norwegen; NZ Neuseeland; PF Französisch-Polynesien; PG Papua-Neuguinea; PH Philippinen; PL Polen; PM St.
Pierre und Miquelon; PN Pitcairninseln; PS Palästina, Palästinensische Autonomiegebiete; QA Katar; RE Réunion;
RO Rumänien; RS Serbien; RU Russland, Russische Föderation; RW Ruanda; SA Saudi-Arabien; SB Salomonen; SC Seychellen;
SE Schweden; SG Singapur; SH St. Helena; SI Slowenien; SJ Svalbard und Jan Mayen, Spitzbergen, Spitzbergen und Jan
Mayen; SK Slowakei, Slowakische Republik; SR Suriname, Surinam; SS Südsudan; ST São Tomé und Príncipe; SY Syrien;
SZ Eswatini, Swasiland; TC Turks- und Caicosinseln; TD Tschad; TF Französische Süd- und Antarktisgebiete, Französische
Südgebiete; TJ Tadschikistan; TL Timor-Leste, Osttimor; TN Tunesien; TR Türkei; TT Trinidad und Tobago; TZ Tansania;
UM Amerikanische Überseeinseln; US USA, Vereinigte Staaten, Vereinigte Staaten von Amerika; UZ Usbekistan;
VA Vatikanstadt, Vatikan; VC St. Vincent und die Grenadinen; VG Britische Jungferninseln; VI Amerikanische
Jungferninseln; WF Wallis und Futuna; YE Jemen; YT Mayotte; ZA Südafrika; ZM Sambia; ZW Simbabwe
"""

DUTCH = """
AE Verenigde Arabische Emiraten; AG Antigua en Barbuda; AL Albanië; AM Armenië; AQ Antarctica; AR Argentinië;
AS Amerikaans-Samoa; AT Oostenrijk; AU Australië; AX Åland, Ålandseilanden; AZ Azerbeidzjan; BA Bosnië en Herzegovina,
Bosnië-Herzegovina, Bosnië; BE België; BG Bulgarije; BH Bahrein; BM Bermuda; BQ Caribisch Nederland, BES-eilanden;
BR Brazilië; BS Bahama's; BV Bouveteiland; BY Belarus, Wit-Rusland; CC Cocoseilanden; CD Congo-Kinshasa, Democratische
Republiek Congo; CF Centraal-Afrikaanse Republiek; CG Congo-Brazzaville, Republiek Congo; CH Zwitserland;
CI Ivoorkust; CK Cookeilanden; CL Chili; CM Kameroen; CV Kaapverdië; CX Christmaseiland; CY Cyprus; CZ Tsjechië,
Tsjechische Republiek; DE Duitsland; DK Denemarken; DO Dominicaanse Republiek; DZ Algerije; EE Estland; EG Egypte;
EH Westelijke Sahara; ES Spanje; ET Ethiopië; FK Falklandeilanden; FM Micronesië, Micronesia; FO Faeröer;
FR Frankrijk; GB Verenigd Koninkrijk, Groot-Brittannië, Engeland, Schotland, Noord-Ierland; GE Georgië;
GF Frans-Guyana; GL Groenland; GN Guinee; GQ Equatoriaal-Guinea, Equatoriaal Guinee; GR Griekenland; GS Zuid-Georgia
en Zuidelijke Sandwicheilanden, Zuid-Georgië en de Zuidelijke Sandwicheilanden; GW Guinee-Bissau; HK Hongkong;
HM Heard en McDonaldeilanden; HR Kroatië; HT Haïti; HU Hongarije; ID Indonesië; IE Ierland; IL Israël; IO Brits
Indische Oceaanterritorium, Brits Territorium in de Indische Oceaan; IQ Irak; IS IJsland; IT Italië; JO Jordanië;
KE Kenia; KG Kirgizië; KH Cambodja; KM Comoren; KN Saint Kitts en Nevis; KP Noord-Korea; KR Zuid-Korea; KW Koeweit;
KY Kaaimaneilanden; KZ Kazachstan; LB Libanon; LT Litouwen; LU Luxemburg; LV Letland; LY Libië; MA Marokko;
MD Moldavië; MG Madagaskar; MH Marshalleilanden; MK Noord-Macedonië, Macedonië; MM Birma, Myanmar Birma; MN Mongolië;
MP Noordelijke Marianen; MR Mauritanië; MV Maldiven, Malediven; MY Maleisië; NA Namibië; NC Nieuw-Caledonië;
NF Norfolk, Norfolkeiland; NL Nederland; NO Noorwegen; NZ Nieuw-Zeeland; PF Frans-Polynesië; PG Papoea-Nieuw-Guinea;
PH Filipijnen; PL Polen; PM Saint-Pierre en Miquelon; PN Pitcairneilanden; PS Palestina, Palestijnse gebieden;
RO Roemenië; RS Servië; RU Rusland, Russische Federatie; SA Saoedi-Arabië; SB Salomonseilanden; SC Seychellen;
SD Soedan, Sudan; SE Zweden; SH Sint-Helena; SI Slovenië; SJ Spitsbergen en Jan Mayen, Svalbard en Jan Mayen;
SK Slowakije, Slowaakse Republiek; SO Somalië; SS Zuid-Soedan, Zuid-Sudan; ST Sao Tomé en Principe; SY Syrië;
TC Turks- en Caicoseilanden; TD Tsjaad; TF Franse Zuidelijke Gebieden; TJ Tadzjikistan; TL Oost-Timor; TN Tunesië;
TR Turkije; TT Trinidad en Tobago; UA Oekraïne; UG Oeganda, Uganda; UM Kleine afgelegen eilanden van de Verenigde
Staten; US Verenigde Staten, VS, Verenigde Staten van Amerika; UZ Oezbekistan; VA Vaticaanstad, Vaticaan; VC Saint
Vincent en de Grenadines; VG Britse Maagdeneilanden; VI Amerikaanse Maagdeneilanden; WF Wallis en Futuna; YE Jemen;
ZA Zuid-Afrika
"""

FRENCH = """
AD Andorre; AE Émirats arabes unis; AG Antigua-et-Barbuda; AL Albanie; AM Arménie; AQ Antarctique; AR Argentine;
AS Samoa américaines; AT Autriche; AU Australie; AX Îles Åland, Åland; AZ Azerbaïdjan; BA Bosnie-Herzégovine, Bosnie;
BB Barbade, La Barbade; BE Belgique; BG Bulgarie; BH Bahreïn; BJ Bénin; BM Bermudes; BN Brunei; BO Bolivie;
BQ Pays-Bas caribéens, Bonaire Saint-Eustache et Saba; BR Brésil; BT Bhoutan; BV Île Bouvet; BY Biélorussie, Bélarus;
CC Îles Cocos; CD République démocratique du Congo, RDC, Congo-Kinshasa; CF République centrafricaine, Centrafrique;
CG République du Congo, Congo-Brazzaville; CH Suisse; CK Îles Cook; CL Chili; CM Cameroun; CN Chine; CO Colombie;
CV Cap-Vert; CX Île Christmas; CY Chypre; CZ Tchéquie, République tchèque; DE Allemagne; DK Danemark; DM Dominique, La
Dominique; DO République dominicaine; DZ Algérie; EC Équateur; EE Estonie; EG Égypte; EH Sahara occidental;
ER Érythrée; ES Espagne; ET Éthiopie; FI Finlande; FJ Fidji; FK Îles Malouines, Malouines; FM Micronésie, États
fédérés de Micronésie; FO Îles Féroé, Féroé; GB Royaume-Uni, Grande-Bretagne, Angleterre, Écosse, Pays de Galles;
GD Grenade; GE Géorgie; GF Guyane française, Guyane; GG Guernesey; GL Groenland; GM Gambie; GN Guinée; GQ Guinée
équatoriale; GR Grèce; GS Géorgie du Sud-et-les Îles Sandwich du Sud; GW Guinée-Bissau; HK Hong Kong, R.A.S. chinoise
de Hong Kong; HM Îles Heard-et-MacDonald; HR Croatie; HT Haïti; HU Hongrie; ID Indonésie; IE Irlande; IL Israël;
IM Île de Man; IN Inde; IO Territoire britannique de l'océan Indien; IQ Irak; IS Islande; IT Italie; JM Jamaïque;
JO Jordanie; JP Japon; KG Kirghizistan, Kirghizstan; KH Cambodge; KM Comores; KN Saint-Christophe-et-Niévès,
Saint-Kitts-et-Nevis; KP Corée du Nord; KR Corée du Sud; KW Koweït; KY Îles Caïmans; LB Liban; LC Sainte-Lucie;
LR Libéria; LT Lituanie; LV Lettonie; LY Libye; MA Maroc; MD Moldavie; ME Monténégro; MF Saint-Martin; MH Îles
Marshall; MK Macédoine du Nord, Macédoine; MM Birmanie, Myanmar, Myanmar Birmanie; MN Mongolie; MO Macao, R.A.S.
chinoise de Macao; MP Îles Mariannes du Nord; MR Mauritanie; MT Malte; MU Maurice, Île Maurice; MX Mexique;
MY Malaisie; NA Namibie; NC Nouvelle-Calédonie; NF Île Norfolk; NG Nigéria; NL Pays-Bas, Hollande; NO Norvège;
NP Népal; NZ Nouvelle-Zélande; PE Pérou; PF Polynésie française; PG Papouasie-Nouvelle-Guinée; PH Philippines;
PL Pologne; PM Saint-Pierre-et-Miquelon; PN Îles Pitcairn; PR Porto Rico; PS Palestine, Territoires palestiniens;
PW Palaos; RE La Réunion; RO Roumanie; RS Serbie; RU Russie, Fédération de Russie; SA Arabie saoudite; SB Îles
Salomon; SD Soudan; SE Suède; SG Singapour; SH Sainte-Hélène; SI Slovénie; SJ Svalbard et Jan Mayen, Svalbard et Île
Jan Mayen; SK Slovaquie, République slovaque; SM Saint-Marin; SN Sénégal; SO Somalie; SS Soudan du Sud; ST Sao
Tomé-et-Principe; SV Salvador, Le Salvador; SX Saint-Martin partie néerlandaise; SY Syrie; TC Îles Turques-et-Caïques;
TD Tchad; TF Terres australes françaises, Terres australes et antarctiques françaises; TH Thaïlande; TJ Tadjikistan;
TL Timor oriental; TM Turkménistan; TN Tunisie; TR Turquie; TT Trinité-et-Tobago; TW Taïwan; TZ Tanzanie; UG Ouganda;
UM Îles mineures éloignées des États-Unis; US États-Unis, États-Unis d'Amérique; UZ Ouzbékistan; VA État de la Cité du
Vatican, Cité du Vatican, Vatican, Saint-Siège; VC Saint-Vincent-et-les-Grenadines; VE Venezuela; VG Îles Vierges
britanniques; VI Îles Vierges des États-Unis, Îles Vierges américaines; VN Viêt Nam, Vietnam; WF Wallis-et-Futuna;
YE Yémen; ZA Afrique du Sud; ZM Zambie
"""
